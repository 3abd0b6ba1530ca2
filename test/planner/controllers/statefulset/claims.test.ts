import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  claimsOf,
  isClaimOwnerUpToDate,
  storageMatches,
  withClaimOwners,
  withClaimVolumes,
} from '../../../../src/planner/controllers/statefulset/claims.ts';
import type { StatefulSet } from '../../../../src/schema/generated/types/apps-v1.ts';
import type { PersistentVolumeClaim, Pod } from '../../../../src/schema/generated/types/core-v1.ts';

function setWith(whenDeleted: string, whenScaled: string): StatefulSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'default', uid: 'set' },
    spec: {
      replicas: 2,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: {}, spec: {} },
      updateStrategy: {},
      volumeClaimTemplates: [claim('data')],
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
    },
    status: { replicas: 0, availableReplicas: 0 },
  };
}

function claim(name: string, owners: readonly [string, string, string][] = []): PersistentVolumeClaim {
  const ownerReferences = owners.map(([kind, owner, uid]) => ({
    apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
    kind,
    name: owner,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }));
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, ...(owners.length > 0 ? { ownerReferences } : {}) },
    spec: { resources: {} },
    status: {},
  };
}

function pod(ordinal: number): Pod {
  const volumes = [
    { name: 'data', emptyDir: {} },
    { name: 'tmp', emptyDir: {} },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `db-${ordinal}`, uid: `pod-${ordinal}` },
    spec: { volumes },
    status: {},
  };
}

const claims = suite('claims of StatefulSets');

claims('are named by template, set and ordinal and carry the labels of the selector', () => {
  const [[template, made] = []] = claimsOf(setWith('Retain', 'Retain'), pod(1));
  assert.is(template, 'data');
  assert.equal(made?.metadata, { name: 'data-db-1', namespace: 'default', labels: { app: 'db' } });
});

claims('take the place of volumes of the same name', () => {
  const set = setWith('Retain', 'Retain');
  assert.not(storageMatches(set, pod(1)));
  const mounted = withClaimVolumes(set, pod(1));
  assert.ok(storageMatches(set, mounted));
  assert.equal(mounted.spec.volumes, [
    { name: 'data', persistentVolumeClaim: { claimName: 'data-db-1' } },
    { name: 'tmp', emptyDir: {} },
  ]);
});

for (const { whenDeleted, whenScaled, ordinal, owner } of [
  { whenDeleted: 'Retain', whenScaled: 'Retain', ordinal: 1, owner: undefined },
  { whenDeleted: 'Retain', whenScaled: 'Retain', ordinal: 2, owner: undefined },
  { whenDeleted: 'Delete', whenScaled: 'Retain', ordinal: 1, owner: 'set' },
  { whenDeleted: 'Delete', whenScaled: 'Retain', ordinal: 2, owner: 'set' },
  { whenDeleted: 'Retain', whenScaled: 'Delete', ordinal: 1, owner: undefined },
  { whenDeleted: 'Retain', whenScaled: 'Delete', ordinal: 2, owner: 'pod-2' },
  { whenDeleted: 'Delete', whenScaled: 'Delete', ordinal: 1, owner: 'set' },
  { whenDeleted: 'Delete', whenScaled: 'Delete', ordinal: 2, owner: 'pod-2' },
]) {
  const what = ordinal === 1 ? 'a pod in range' : 'a condemned pod';
  claims(
    `${whenDeleted} when deleted, ${whenScaled} when scaled: the claim of ${what} is owned by ${owner ?? 'nobody'}`,
    () => {
      const set = setWith(whenDeleted, whenScaled);
      for (const before of [claim('data'), claim('data', [['StatefulSet', 'db', 'set']])]) {
        const after = withClaimOwners(before, set, pod(ordinal));
        assert.equal(
          after.metadata.ownerReferences?.map(({ uid }) => uid),
          owner ? [owner] : undefined,
        );
        assert.ok(isClaimOwnerUpToDate(after, set, pod(ordinal)));
      }
    },
  );
}

claims('of a foreign controller or of a predecessor are left alone', () => {
  const set = setWith('Delete', 'Delete');
  assert.ok(isClaimOwnerUpToDate(claim('data', [['Other', 'x', 'y']]), set, pod(1)));
  assert.ok(isClaimOwnerUpToDate(claim('data', [['StatefulSet', 'db', 'older']]), set, pod(1)));
});
claims.run();
