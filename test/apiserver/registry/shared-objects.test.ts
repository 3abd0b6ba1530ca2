// What clients sent and what was stored before stays as it is, whichever way a write goes to the store.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADMISSION_PLUGINS } from '../../../src/apiserver/admission/chain/plugins.ts';
import type { WriteRequest } from '../../../src/apiserver/request.ts';
import { type Document, type Json, TestServer } from '../test-server.ts';

const CONTAINER = { name: 'main', image: 'registry.example/app:v1' };
const KINDS: readonly (readonly [resource: string, document: Document, spec: Json])[] = [
  ['pods', of('v1', 'Pod', { containers: [CONTAINER] }), { terminationGracePeriodSeconds: 1 }],
  ['nodes', of('v1', 'Node', {}), { unschedulable: true }],
  ['configmaps', of('v1', 'ConfigMap', undefined), {}],
  ['deployments.apps', of('apps/v1', 'Deployment', workload()), { replicas: 3 }],
  ['replicasets.apps', of('apps/v1', 'ReplicaSet', workload()), { replicas: 3 }],
  [
    'jobs.batch',
    of('batch/v1', 'Job', { template: { spec: { restartPolicy: 'Never', containers: [CONTAINER] } } }),
    {},
  ],
];

function of(apiVersion: string, kind: string, spec: Json | undefined): Document {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'x', controller: true }];
  const namespace = kind === 'Node' ? {} : { namespace: 'default' };
  return { apiVersion, kind, metadata: { name: 'a', ...namespace, ownerReferences }, ...(spec ? { spec } : {}) };
}

function workload(): Json {
  return {
    replicas: 1,
    selector: { matchLabels: { app: 'a' } },
    template: { metadata: { labels: { app: 'a' } }, spec: { containers: [CONTAINER] } },
  };
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) frozen(each);
  return value;
}

const shared = suite('shared objects');

for (const [resource, document, spec] of KINDS)
  shared(`updates of ${resource} change neither what was sent nor what was stored`, () => {
    const server = new TestServer({}, ADMISSION_PLUGINS);
    const { code } = server.create(document);
    assert.is(code, 201);
    const { handle } = server.world.server;
    const send = (request: Omit<WriteRequest, 'cause' | 'resource' | 'name'>) => {
      const place = document.kind === 'Node' ? {} : { namespace: 'default' };
      const whole = { ...request, ...place, resource, name: 'a', cause: { who: 'test' } } as WriteRequest;
      return handle.call(server.world.server, whole);
    };
    const stored = () => frozen(server.find(document.apiVersion, document.kind, 'a', 'default')!) as unknown as Json;
    const label = (value: string) => ({ ...(stored()['metadata'] as Json), labels: { value } });
    const changes: readonly (() => { readonly ok: boolean })[] = [
      () => send({ verb: 'update', object: frozen({ ...stored(), metadata: label('1') }) } as never),
      () =>
        send({
          verb: 'update',
          object: frozen({ ...stored(), spec: { ...(stored()['spec'] as Json), ...spec } }),
        } as never),
      () =>
        send({ verb: 'update', subresource: 'status', object: frozen({ ...stored(), metadata: label('2') }) } as never),
      () => send({ verb: 'update', object: frozen({ ...stored(), metadata: label('3') }) } as never),
      () =>
        send({ verb: 'patch', patchType: 'merge', patch: frozen({ metadata: { labels: { value: '4' } } }) } as never),
    ];
    const seen: [object: Json, text: string][] = [];
    for (const change of changes) {
      const before = stored();
      seen.push([before, JSON.stringify(before)]);
      change();
    }
    for (const [object, text] of seen) assert.is(JSON.stringify(object), text);
    assert.is((stored()['metadata'] as { readonly labels: Json }).labels['value'], '4');
  });

shared('a pod that is bound shares its status with its like, and with nobody its metadata', () => {
  const server = new TestServer({}, ADMISSION_PLUGINS);
  server.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
  for (const name of ['a', 'b']) {
    server.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { containers: [CONTAINER] },
    });
    const pod = frozen(server.find('v1', 'Pod', name, 'default')!);
    const answer = server.world.server.handle({
      verb: 'create',
      resource: 'pods',
      subresource: 'binding',
      name,
      namespace: 'default',
      object: frozen({
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace: 'default' },
        target: { kind: 'Node', name: 'n' },
      }),
      cause: { who: 'default-scheduler' },
    });
    assert.ok(answer.ok);
    const bound = server.find('v1', 'Pod', name, 'default')!;
    assert.is.not(bound.metadata, pod.metadata);
    assert.is.not(bound.metadata.resourceVersion, pod.metadata.resourceVersion);
  }
});

shared.run();
