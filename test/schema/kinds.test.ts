import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allKinds, compareApiVersions, findKind, lifecycleOf, typeIdOfKind } from '../../src/schema/kinds.ts';

const test = suite('schema kinds');

test('a Deployment: resource, scope, verbs, subresources, short name, category', () => {
  const kind = findKind('apps/v1', 'Deployment')!;
  assert.is(kind.resource, 'deployments');
  assert.is(kind.singular, 'deployment');
  assert.is(kind.namespaced, true);
  assert.equal(kind.verbs, ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']);
  assert.equal(
    kind.subresources.map((each) => `${each.name} ${each.apiVersion} ${each.kind}`),
    ['scale autoscaling/v1 Scale', 'status apps/v1 Deployment'],
  );
  assert.equal(kind.shortNames, ['deploy']);
  assert.equal(kind.categories, ['all']);
  assert.is(kind.typeId, 'apps/v1.Deployment');
});

test('a Namespace is cluster-scoped although its path holds the word namespaces', () => {
  assert.is(findKind('v1', 'Namespace')!.namespaced, false);
});

test('a kind that came with 1.36 is unknown to 1.35', () => {
  assert.is(findKind('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy', '1.35'), undefined);
  assert.equal(findKind('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy')?.servedIn, ['1.36']);
});

test('beta and alpha versions are known but off by default', () => {
  assert.is(findKind('networking.k8s.io/v1beta1', 'IPAddress')?.servedByDefault, false);
  assert.is(findKind('networking.k8s.io/v1', 'IPAddress')?.servedByDefault, true);
});

test('kinds without a resource have a type', () => {
  assert.is(typeIdOfKind('policy/v1', 'Eviction'), 'policy/v1.Eviction');
  assert.is(typeIdOfKind('v1', 'PodList'), 'core/v1.PodList');
  assert.is(typeIdOfKind('v1', 'DeleteOptions'), 'meta/v1.DeleteOptions');
});

test('short names and categories name resources that exist', () => {
  const resources = new Set(allKinds().map((kind) => kind.resource));
  assert.ok(resources.has('ipaddresses'));
  const named = allKinds().filter((kind) => kind.shortNames.length > 0);
  assert.is(new Set(named.map((kind) => kind.resource)).size, 29);
});

test('stable before beta before alpha, then the higher number', () => {
  const versions = ['v1alpha1', 'v2beta2', 'v1', 'v2', 'v2beta1', 'zed', 'abc'];
  assert.equal([...versions].sort(compareApiVersions), ['v2', 'v1', 'v2beta2', 'v2beta1', 'v1alpha1', 'abc', 'zed']);
});

test('what became of versions that are gone', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['policy/v1beta1', 'PodDisruptionBudget', '1.25', 'policy/v1 PodDisruptionBudget'],
    ['extensions/v1beta1', 'Ingress', '1.22', 'networking.k8s.io/v1 Ingress'],
    ['batch/v1beta1', 'CronJob', '1.25', 'batch/v1 CronJob'],
    ['policy/v1beta1', 'PodSecurityPolicy', '1.25', ' '],
  ];
  for (const [apiVersion, kind, removed, next] of cases) {
    const life = lifecycleOf(apiVersion, kind);
    assert.is(life?.removed, removed);
    assert.is(`${life?.replacement?.apiVersion ?? ''} ${life?.replacement?.kind ?? ''}`, next);
  }
  assert.is(lifecycleOf('apps/v1', 'Deployment'), undefined);
});

test.run();
