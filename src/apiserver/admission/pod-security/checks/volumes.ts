// Which kinds of volumes a pod may use.
// Behaviour: [pod-security-admission]/policy/check_{hostPathVolumes,restrictedVolumes}.go, Kubernetes v1.36.3.
import type { Volume } from '../../../../schema/generated/types/core-v1.ts';
import { type Check, type CheckPod, joinQuoted, plural, sorted } from '../check.ts';

type Source = Exclude<keyof Volume, 'name'>;

const ALLOWED: readonly Source[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const RESTRICTED: readonly Source[] = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
];

const noHostPath: CheckPod = ({ volumes = [] }) => {
  const bad = volumes.filter(({ hostPath }) => hostPath).map(({ name }) => name);
  if (bad.length === 0) return undefined;
  return { reason: 'hostPath volumes', detail: `${plural('volume', bad)} ${joinQuoted(bad)}` };
};

const onlyAllowed: CheckPod = ({ volumes = [] }) => {
  const bad = volumes.filter((volume) => !ALLOWED.some((source) => volume[source]));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map((volume) => RESTRICTED.find((source) => volume[source]) ?? 'unknown'));
  const names = joinQuoted(bad.map(({ name }) => name));
  const verb = bad.length === 1 ? 'uses' : 'use';
  return {
    reason: 'restricted volume types',
    detail: `${plural('volume', bad)} ${names} ${verb} ${plural('restricted volume type', types)} ${joinQuoted(types)}`,
  };
};

export const hostPathVolumes: Check = {
  id: 'hostPathVolumes',
  level: 'baseline',
  versions: [{ since: 0, check: noHostPath }],
};

export const restrictedVolumes: Check = {
  id: 'restrictedVolumes',
  level: 'restricted',
  overrides: [hostPathVolumes.id],
  versions: [{ since: 0, check: onlyAllowed }],
};
