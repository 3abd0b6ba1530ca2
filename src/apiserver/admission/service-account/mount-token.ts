// Mounts a service account's token, the cluster's certificate and the namespace into every container of a pod.
// Behaviour: plugin/pkg/admission/serviceaccount/admission.go (mountServiceAccountToken, TokenVolumeSource), Kubernetes v1.36.3.
import type {
  Container,
  PodSpec,
  ProjectedVolumeSource,
  VolumeMount,
} from '../../../schema/generated/types/core-v1.ts';

const VOLUME_PREFIX = 'kube-api-access-';
const TOKEN_MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

const TOKEN_VOLUME: ProjectedVolumeSource = {
  sources: [
    // An hour and seven seconds: the odd number marks tokens whose early expiry is only warned about.
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ],
  defaultMode: 420,
};

/** The spec with the token mounted wherever nothing is mounted at its place yet; a volume of such a name is used again. */
export function mountToken(spec: PodSpec, generateName: (base: string) => string): PodSpec {
  const { volumes = [], containers, initContainers } = spec;
  const existing = volumes.find(({ name }) => name.startsWith(VOLUME_PREFIX))?.name;
  if (![...(containers ?? []), ...(initContainers ?? [])].some(lacksToken)) return spec;
  const name = existing ?? generateName(VOLUME_PREFIX);
  const mount: VolumeMount = { name, readOnly: true, mountPath: TOKEN_MOUNT_PATH };
  const mounted = (container: Container): Container =>
    lacksToken(container) ? { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] } : container;
  return {
    ...spec,
    ...(containers ? { containers: containers.map(mounted) } : {}),
    ...(initContainers ? { initContainers: initContainers.map(mounted) } : {}),
    ...(existing === undefined ? { volumes: [...volumes, { name, projected: TOKEN_VOLUME }] } : {}),
  };
}

function lacksToken({ volumeMounts }: Container): boolean {
  return !volumeMounts?.some(({ mountPath }) => mountPath === TOKEN_MOUNT_PATH);
}
