// Lists and maps that were given empty: messages about the new object tell them from absent ones, what is stored does not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runtimeClass } from '../../../src/apiserver/admission/runtime-class/runtime-class.ts';
import { type Document, type Json, TestServer } from '../test-server.ts';

const given = suite('given empty');

const of = (apiVersion: string, kind: string, rest: Json): Document => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  ...rest,
});
const networkPolicy = (spec: Json): Document => of('networking.k8s.io/v1', 'NetworkPolicy', { spec });

for (const { name, document, cause } of [
  {
    name: 'capacity of a volume',
    document: of('v1', 'PersistentVolume', {
      spec: { capacity: {}, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' } },
    }),
    cause: 'spec.capacity: Unsupported value: {}: supported values: "storage"',
  },
  {
    name: 'capacity of an inline volume',
    document: of('storage.k8s.io/v1', 'VolumeAttachment', {
      spec: {
        attacher: 'a.example.com',
        nodeName: 'n',
        source: { inlineVolumeSpec: { capacity: {}, volumeAttributesClassName: 'c' } },
      },
    }),
    cause: 'spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes',
  },
  {
    name: 'rules of an Ingress',
    document: of('networking.k8s.io/v1', 'Ingress', { spec: { rules: [] } }),
    cause: 'spec: Invalid value: []: either `defaultBackend` or `rules` must be specified',
  },
  {
    name: 'owners in the metadata of a claim template',
    document: of('resource.k8s.io/v1', 'ResourceClaimTemplate', {
      spec: { metadata: { ownerReferences: [] }, spec: { devices: {} } },
    }),
    cause: 'spec.metadata.ownerReferences: Forbidden: cannot be set',
  },
])
  given(`${name} shows as what was sent`, () => {
    assert.ok(new TestServer().create(document).causes.includes(cause), cause);
  });

given('a list that Go always writes is null once it is stored', () => {
  const { object } = new TestServer().create(
    of('v1', 'Pod', {
      spec: { containers: [{ name: 'c', image: 'i' }], volumes: [{ name: 'v', projected: { sources: [] } }] },
    }),
    { dryRun: true },
  );
  const { volumes } = object['spec'] as { readonly volumes: readonly { readonly projected: Json }[] };
  assert.not.ok('sources' in (volumes[0]?.projected ?? {}));
});
given('no overhead at all is overhead that no runtime class has', () => {
  const spec = { containers: [{ name: 'c', image: 'i' }], overhead: {} };
  const { message } = new TestServer({}, [runtimeClass]).create(of('v1', 'Pod', { spec }));
  assert.is(
    message,
    'pods "x" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
  );
});
given('JSON of the user keeps its empty lists', () => {
  const { object } = new TestServer().create(
    of('apps/v1', 'ControllerRevision', { revision: 1, data: { spec: { list: [], map: {} } } }),
    { dryRun: true },
  );
  assert.equal(object['data'], { spec: { list: [], map: {} } });
});
given('an empty list is a change to a NetworkPolicy, which upstream compares by reflection', () => {
  const server = new TestServer();
  server.create(networkPolicy({ podSelector: {} }));
  assert.is(server.update(networkPolicy({ egress: [] }), { dryRun: true }).object.metadata.generation, 2);
  // Defaults fill in what this one left empty.
  assert.is(server.update(networkPolicy({ policyTypes: [] }), { dryRun: true }).object.metadata.generation, 1);
});
given.run();
