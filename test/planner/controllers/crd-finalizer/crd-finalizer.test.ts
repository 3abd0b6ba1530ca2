import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { loadResources } from '../../../../src/apiserver/groups.ts';
import { clientOf } from '../../../../src/apiserver/server.ts';
import { crdFinalizer } from '../../../../src/planner/controllers/crd-finalizer/crd-finalizer.ts';
import { World } from '../../../../src/planner/world.ts';
import type { CustomResourceDefinition } from '../../../../src/schema/generated/types/apiextensions-v1.ts';

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';
const NAME = 'probes.corp.example.com';
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: NAME },
  spec: {
    group: 'corp.example.com',
    scope: 'Namespaced',
    names: { plural: 'probes', singular: 'probe', kind: 'Probe', listKind: 'ProbeList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const probe = (name: string, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'corp.example.com/v1',
  kind: 'Probe',
  metadata: { name, namespace: 'default', ...metadata },
});

const resources = await loadResources(['', 'apiextensions.k8s.io']);

/** A world whose only component is the one under test, with these custom resources. */
function cluster(...probes: readonly object[]) {
  const said: (string | undefined)[] = [];
  const world = new World({
    audit: (request) => {
      if (request.verb === 'update' && request.cause.who === 'crd-finalizer')
        said.push(terminating(request.object as CustomResourceDefinition));
    },
    kubernetes: { version: '1.36', featureGates: {}, flags: {} },
    resources,
    admission: [],
    components: [crdFinalizer],
    startAt: Date.UTC(2026, 0, 1),
  });
  const user = clientOf(world.server, { who: 'user' });
  const create = (resource: string, object: object): void => {
    const answer = user.create(resource, object as KubeObject);
    if (!answer.ok) throw new Error(answer.status.message);
  };
  create(CRDS, { ...definition, status: { acceptedNames: { plural: '', kind: '' } } });
  for (const each of probes) create(NAME, each);
  world.engine.advance(1000);
  const { reader } = world.server;
  return {
    user,
    advance: (milliseconds: number) => world.engine.advance(milliseconds),
    crd: () => reader.get<CustomResourceDefinition>(CRDS, undefined, NAME),
    reasons: () => said,
    probes: () => reader.list<KubeObject>(NAME),
  };
}

const terminating = (crd: CustomResourceDefinition | undefined) =>
  crd?.status.conditions?.find(({ type }) => type === 'Terminating')?.reason;

const test = suite('crd-finalizer');

test('the objects of a deleted definition go before it', () => {
  const { user, crd, probes, advance } = cluster(probe('a'), probe('b'));
  user.delete(CRDS, { name: NAME });
  assert.equal([terminating(crd()), probes().length], ['InstanceDeletionPending', 2]);
  advance(1000);
  assert.equal([crd(), probes()], [undefined, []]);
});

test('an object with a finalizer keeps the definition, which takes no new ones', () => {
  const { user, crd, probes, advance } = cluster(probe('a', { finalizers: ['example.com/hold'] }), probe('b'));
  user.delete(CRDS, { name: NAME });
  advance(1000);
  assert.equal([terminating(crd()), probes().length], ['InstanceDeletionInProgress', 1]);
  const refused = user.create(NAME, probe('c') as KubeObject);
  assert.is(
    refused.ok ? '' : refused.status.message,
    'probes.corp.example.com "c" is forbidden: create not allowed while custom resource definition is terminating',
  );
  const held = probes()[0]!;
  user.update(NAME, { ...held, metadata: { ...held.metadata, finalizers: [] } });
  advance(5000);
  assert.equal([crd(), probes()], [undefined, []]);
});

test('objects that stay for a minute are said to be in the way', () => {
  const { user, crd, advance, reasons } = cluster(probe('a', { finalizers: ['example.com/hold'] }));
  user.delete(CRDS, { name: NAME });
  advance(59_000);
  assert.is(terminating(crd()), 'InstanceDeletionInProgress');
  advance(1000);
  assert.equal(reasons(), ['InstanceDeletionInProgress', 'InstanceDeletionCheck', 'InstanceDeletionInProgress']);
});

test.run();
