import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trafficFrom, type Verdict } from '../../../src/planner/proxy/traffic.ts';
import type { Node, Service } from '../../../src/schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../src/schema/generated/types/discovery-v1.ts';

const node = (name: string, zone: string) =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
  }) as unknown as Node;
const service = (spec: Record<string, unknown> = {}, labels = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', labels },
    spec: { clusterIP: '10.96.0.9', ports: [{ port: 80, protocol: 'TCP' }], ...spec },
    status: {},
  }) as unknown as Service;
const slice = (endpoints: readonly Record<string, unknown>[]) =>
  ({
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: endpoints.map(({ ip, nodeName, ...conditions }) => ({ addresses: [ip], nodeName, conditions })),
  }) as unknown as EndpointSlice;
const on1 = { ip: '10.1.0.1', nodeName: 'n1', ready: true };
const on2 = { ip: '10.1.0.2', nodeName: 'n2', ready: true };
const text = (verdict: Verdict | undefined) =>
  verdict?.kind === 'endpoints' ? verdict.endpoints.map(({ ip }) => ip).join() : verdict?.kind;

const traffic = suite('traffic to a Service');

for (const { name, spec = {}, endpoints, internal, external, inside } of [
  { name: 'all ready endpoints', endpoints: [on1, on2], internal: '10.1.0.1,10.1.0.2' },
  { name: 'nobody there: rejected', endpoints: [], internal: 'reject' },
  { name: 'nobody ready: rejected', endpoints: [{ ...on1, ready: false, serving: false }], internal: 'reject' },
  {
    name: 'only ending ones that still serve',
    endpoints: [{ ...on1, ready: false, serving: true, terminating: true }],
    internal: '10.1.0.1',
  },
  {
    name: 'internal traffic stays on the node',
    spec: { internalTrafficPolicy: 'Local' },
    endpoints: [on1, on2],
    internal: '10.1.0.1',
  },
  {
    name: 'internal traffic to other nodes only is dropped',
    spec: { internalTrafficPolicy: 'Local' },
    endpoints: [on2],
    internal: 'drop',
  },
  {
    name: 'external traffic stays on the node, from inside it takes the short way',
    spec: { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] },
    endpoints: [on2],
    internal: '10.1.0.2',
    external: 'drop',
    inside: '10.1.0.2',
  },
])
  traffic(name, () => {
    const [port] = trafficFrom(service(spec), [slice(endpoints)], node('n1', 'a'))?.ports ?? [];
    assert.equal(
      [text(port?.internal), text(port?.external), text(port?.externalFromInside)],
      [internal, external, inside],
    );
  });

for (const { name, given } of [
  { name: 'headless', given: service({ clusterIP: 'None' }) },
  { name: 'ExternalName', given: service({ type: 'ExternalName' }) },
  { name: 'another proxy', given: service({}, { 'service.kubernetes.io/service-proxy-name': 'mine' }) },
])
  traffic(`${name}: no proxying`, () => assert.is(trafficFrom(given, [], node('n1', 'a')), undefined));

for (const { on, code } of [
  { on: on1, code: 200 },
  { on: on2, code: 503 },
])
  traffic(`health check with an endpoint on ${on.nodeName}: ${code}`, () => {
    const given = service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 });
    assert.is(trafficFrom(given, [slice([on])], node('n1', 'a'))?.healthCheck?.code, code);
  });
traffic.run();
