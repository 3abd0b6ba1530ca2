import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const validation = suite('Service validation');

function service(spec: Json, annotations: Json = {}): Document {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', annotations },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
  };
}

for (const { name, spec, annotations, causes } of [
  { name: 'ports are required', spec: { ports: [] }, causes: ['spec.ports: Required value'] },
  {
    name: 'several ports need names',
    spec: { ports: [{ port: 80 }, { port: 81, name: 'b' }] },
    causes: ['spec.ports[0].name: Required value'],
  },
  {
    name: 'a port may not occur twice',
    spec: {
      ports: [
        { port: 80, name: 'a' },
        { port: 80, name: 'b' },
      ],
    },
    causes: [
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
  },
  {
    name: 'an unknown type is refused',
    spec: { type: 'Proxy' },
    causes: [
      'spec.type: Unsupported value: "Proxy": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  },
  {
    name: 'an external name must be one',
    spec: { type: 'ExternalName' },
    causes: ['spec.externalName: Required value'],
  },
  {
    name: 'a load balancer cannot be headless',
    spec: { type: 'LoadBalancer', clusterIP: 'None' },
    causes: [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services`],
  },
  {
    name: 'source ranges are for load balancers',
    spec: { loadBalancerSourceRanges: ['10.0.0.0/8'] },
    causes: ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"],
  },
  {
    name: 'an external address must not be a loopback address',
    spec: { externalIPs: ['127.0.0.1'] },
    causes: [
      'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
  },
  {
    name: 'an external address has no leading zeros',
    spec: { externalIPs: ['1.2.3.04'] },
    causes: ['spec.externalIPs[0]: Invalid value: "1.2.3.04": must not have leading 0s'],
  },
  {
    name: 'traffic policies are Cluster or Local',
    spec: { type: 'NodePort', externalTrafficPolicy: 'Global' },
    causes: ['spec.externalTrafficPolicy: Unsupported value: "Global": supported values: "Cluster", "Local"'],
  },
  {
    name: 'topology annotations must agree',
    spec: {},
    annotations: {
      'service.kubernetes.io/topology-mode': 'Auto',
      'service.kubernetes.io/topology-aware-hints': 'Disabled',
    },
    causes: [
      'metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "Auto": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified',
    ],
  },
]) {
  validation(name, () => assert.equal(new TestServer().create(service(spec, annotations)).causes, causes));
}

for (const { name, before, after, causes } of [
  {
    name: 'a cluster IP does not change',
    before: { clusterIP: '10.96.1.5' },
    after: { clusterIP: '10.96.1.6' },
    causes: ['spec.clusterIPs[0]: Invalid value: ["10.96.1.6"]: may not change once set'],
  },
  {
    name: 'the class of a load balancer does not change',
    before: { type: 'LoadBalancer', loadBalancerClass: 'example.com/a' },
    after: { type: 'LoadBalancer', loadBalancerClass: 'example.com/b' },
    causes: ['spec.loadBalancerClass: Invalid value: "example.com/b": may not change once set'],
  },
  {
    name: 'a health check port does not change',
    before: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30001 },
    after: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30002 },
    causes: ['spec.healthCheckNodePort: Forbidden: field is immutable'],
  },
]) {
  validation(name, () => {
    const server = new TestServer();
    assert.is(server.create(service(before)).code, 201);
    assert.equal(server.update(service(after)).causes, causes);
  });
}

validation('only a load balancer has an ingress', () => {
  const server = new TestServer();
  server.create(service({}));
  const status = { loadBalancer: { ingress: [{ ip: '1.2.3.4', ipMode: 'VIP' }] } };
  assert.equal(server.update({ ...service({}), status }, { subresource: 'status' }).causes, [
    "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
  ]);
});

validation('a name begins with a letter only where the old rule is on', () => {
  const document = { ...service({}), metadata: { name: '1st' } };
  assert.is(new TestServer().create(document).code, 201);
  const [cause = ''] = new TestServer({ RelaxedServiceNameValidation: false }).create(document).causes;
  assert.match(cause, 'metadata.name: Invalid value: "1st": a DNS-1035 label must consist of');
});

validation('deprecated and ignored fields are told', () => {
  const spec = { externalIPs: ['1.2.3.4'], trafficDistribution: 'PreferClose', externalName: 'x' };
  assert.equal(new TestServer().create(service(spec)).warnings, [
    'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    'spec.externalName is ignored when spec.type is not "ExternalName"',
    'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
  ]);
});

validation.run();
