// What may be written through pods/status, pods/resize and pods/ephemeralcontainers.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { accepted, causesOf, type Json, PodServer, podDraft, withContainer } from './pod-server.ts';

/** A server with the pod `web`, and the pod. */
function withPod(spec: Json = {}, status: Json = {}) {
  const server = new PodServer();
  const pod = accepted(server.create(podDraft(spec)));
  const stored = Object.keys(status).length > 0 ? writeStatus(server, pod, status) : pod;
  return { server, pod: stored };
}

function writeStatus(server: PodServer, pod: Pod, status: Json): Pod {
  return accepted(server.update({ ...pod, status: { ...pod.status, ...status } } as Pod, 'status'));
}

const status = suite('pod status');

status('the spec and the owners stay as they are', () => {
  const { server, pod } = withPod();
  const changed = { ...pod, spec: { ...pod.spec, hostname: 'x' }, status: { ...pod.status, phase: 'Running' } };
  const next = accepted(server.update(changed as Pod, 'status'));
  assert.equal([next.spec.hostname, next.status.phase, next.metadata.generation], [undefined, 'Running', 1]);
});

for (const { name, before = {}, after, spec = {}, causes } of [
  {
    name: 'the class may not change',
    after: { qosClass: 'Guaranteed' },
    causes: ['status.qosClass: Invalid value: "Guaranteed": field is immutable'],
  },
  {
    name: 'at most one address of a family, the first of them the old field',
    after: { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] },
    causes: [
      'status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family',
    ],
  },
  {
    name: 'a container that ended and is not restarted stays so',
    spec: { restartPolicy: 'Never' },
    before: { containerStatuses: [containerStatus({ terminated: { exitCode: 0 } })] },
    after: { containerStatuses: [containerStatus({ running: {} })] },
    causes: ['status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state'],
  },
  {
    name: 'a container that is restarted may start again',
    before: { containerStatuses: [containerStatus({ terminated: { exitCode: 0 } })] },
    after: { containerStatuses: [containerStatus({ running: {} })] },
    causes: [],
  },
  {
    name: 'a nominated node is a name',
    after: { nominatedNodeName: 'N1' },
    causes: [
      `status.nominatedNodeName: Invalid value: "N1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
  },
] as readonly { name: string; spec?: Json; before?: Json; after: Json; causes: readonly string[] }[]) {
  status(name, () => {
    const { server, pod } = withPod(spec, before);
    assert.equal(causesOf(server.update({ ...pod, status: { ...pod.status, ...after } } as Pod, 'status')), causes);
  });
}

status('an observed generation is not forgotten by a writer that does not know it', () => {
  const condition = { type: 'Ready', status: 'True' };
  const { server, pod } = withPod({}, { observedGeneration: 1, conditions: [{ ...condition, observedGeneration: 1 }] });
  const { observedGeneration: _, ...rest } = pod.status;
  const next = accepted(
    server.update({ ...pod, status: { ...rest, conditions: [condition] } } as unknown as Pod, 'status'),
  );
  assert.equal([next.status.observedGeneration, next.status.conditions?.[0]?.observedGeneration], [1, 1]);
});

status.run();

function containerStatus(state: Json): Json {
  return { name: 'app', image: 'nginx:1', imageID: '', ready: false, restartCount: 0, state };
}

const resize = suite('pod resize');

const sized = (requests: Json, limits?: Json, rest: Json = {}) =>
  withContainer({ resources: { requests, ...(limits ? { limits } : {}) }, ...rest });

for (const { name, before, after, causes } of [
  { name: 'more CPU', before: sized({ cpu: '1' }), after: sized({ cpu: '2' }), causes: [] },
  {
    name: 'the class stays',
    before: sized({ cpu: '1', memory: '1Gi' }, { cpu: '1', memory: '1Gi' }),
    after: sized({ cpu: '1', memory: '1Gi' }, { cpu: '2', memory: '1Gi' }),
    causes: ['spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing'],
  },
  {
    name: 'only CPU and memory',
    before: sized({ cpu: '1', 'ephemeral-storage': '1Gi' }),
    after: sized({ cpu: '1', 'ephemeral-storage': '2Gi' }),
    causes: ['spec: Forbidden: only cpu and memory resources are mutable'],
  },
  {
    name: 'requests may not go',
    before: sized({ cpu: '1', memory: '1Gi' }),
    after: sized({ cpu: '1' }),
    causes: ['spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed'],
  },
] as readonly { name: string; before: Json; after: Json; causes: readonly string[] }[]) {
  resize(name, () => {
    const { server } = withPod(before);
    assert.equal(causesOf(server.update(podDraft(after), 'resize')), causes);
  });
}

resize('what is no resource is left alone', () => {
  const { server } = withPod(sized({ cpu: '1' }));
  const next = accepted(server.update(podDraft({ ...sized({ cpu: '2' }), hostname: 'x' }), 'resize'));
  assert.equal([next.spec.hostname, next.metadata.generation], [undefined, 2]);
});

resize.run();

const ephemeral = suite('ephemeral containers');
const debug = { name: 'debug', image: 'busybox:1' };

ephemeral('one may be added to a pod', () => {
  const { server } = withPod();
  const next = accepted(server.update(podDraft({ ephemeralContainers: [debug] }), 'ephemeralcontainers'));
  assert.equal(
    next.spec.ephemeralContainers?.map(({ name }) => name),
    ['debug'],
  );
});

ephemeral('one may not be removed or changed', () => {
  const { server } = withPod();
  accepted(server.update(podDraft({ ephemeralContainers: [debug] }), 'ephemeralcontainers'));
  assert.equal(causesOf(server.update(podDraft(), 'ephemeralcontainers')), [
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be removed\n',
  ]);
});

ephemeral('it has no ports and takes a name of its own', () => {
  const { server } = withPod();
  const changed = podDraft({ ephemeralContainers: [{ ...debug, name: 'app', ports: [{ containerPort: 1 }] }] });
  assert.equal(causesOf(server.update(changed, 'ephemeralcontainers')), [
    'spec.ephemeralContainers[0].name: Duplicate value: "app"',
    'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
  ]);
});

ephemeral.run();
