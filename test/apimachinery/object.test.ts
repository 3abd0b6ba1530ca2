import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findCondition, isConditionTrue, setCondition } from '../../src/apimachinery/conditions.ts';
import { byteLength, firstBytes } from '../../src/apimachinery/go/utf8.ts';
import {
  groupKindText,
  groupVersionKindOf,
  groupVersionText,
  parseGroupVersion,
} from '../../src/apimachinery/group-version-kind.ts';
import { namespacedName, objectKey } from '../../src/apimachinery/object.ts';
import { controllerOf, isControlledBy, newControllerRef } from '../../src/apimachinery/owner-references.ts';
import { compareApiVersions, compareMinorVersions, parseMinorVersion } from '../../src/apimachinery/version.ts';

const groups = suite('groups, versions, kinds');

groups('an apiVersion is a group and a version', () => {
  assert.equal(parseGroupVersion('apps/v1'), { group: 'apps', version: 'v1' });
  assert.equal(parseGroupVersion('v1'), { group: '', version: 'v1' });
  assert.equal(parseGroupVersion('/'), { group: '', version: '' });
  assert.is(parseGroupVersion('a/b/c'), undefined);
  assert.equal(groupVersionKindOf('a/b/c', 'K'), { group: '', version: '', kind: 'K' });
  assert.is(groupVersionText({ group: 'apps', version: 'v1' }), 'apps/v1');
});

groups('a kind of a group is written kind first', () => {
  assert.is(groupKindText({ group: 'apps', kind: 'Deployment' }), 'Deployment.apps');
});

groups('versions are ordered by stability first', () => {
  const order = ['foo10', 'foo1', 'v1alpha1', 'v2alpha1', 'v1beta1', 'v1beta2', 'v1', 'v2', 'v10'];
  assert.equal(order.toReversed().sort(compareApiVersions), order);
});

groups('minor versions are compared by number', () => {
  assert.equal(parseMinorVersion('v1.36.3'), { major: 1, minor: 36 });
  assert.is(parseMinorVersion('1.x'), undefined);
  assert.ok(compareMinorVersions({ major: 1, minor: 9 }, { major: 1, minor: 36 }) < 0);
});
groups.run();

const objects = suite('objects');

objects('keys join namespace and name', () => {
  assert.is(objectKey({ metadata: { namespace: 'a', name: 'b' } }), 'a/b');
  assert.is(namespacedName(undefined, 'n'), 'n');
});

objects('the controller is the owner marked so, known by its UID', () => {
  const set = { metadata: { name: 'web', uid: 'u1' } };
  const ref = newControllerRef(set, { group: 'apps', version: 'v1', kind: 'ReplicaSet' });
  assert.equal(ref, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web',
    uid: 'u1',
    controller: true,
    blockOwnerDeletion: true,
  });
  const pod = { metadata: { name: 'p', ownerReferences: [{ ...ref, controller: false }, ref] } };
  assert.is(controllerOf(pod), ref);
  assert.ok(isControlledBy(pod, set));
  assert.not.ok(isControlledBy(pod, { metadata: { name: 'web', uid: 'u2' } }));
});

objects('a condition keeps its transition time while its status stays', () => {
  const first = setCondition(undefined, { type: 'Ready', status: 'True', reason: 'A' }, 't1');
  const same = setCondition(first, { type: 'Ready', status: 'True', reason: 'B' }, 't2');
  const flipped = setCondition(same, { type: 'Ready', status: 'False' }, 't3');
  assert.equal(same, [{ type: 'Ready', status: 'True', reason: 'B', lastTransitionTime: 't1' }]);
  assert.equal(flipped, [{ type: 'Ready', status: 'False', lastTransitionTime: 't3' }]);
  assert.ok(isConditionTrue(first, 'Ready'));
  assert.is(findCondition(first, 'Other'), undefined);
});

objects('lengths count UTF-8 bytes', () => {
  assert.equal([byteLength('abc'), byteLength('é☃😀')], [3, 9]);
  assert.is(firstBytes('aé☃', 4), 'aé');
});
objects.run();
