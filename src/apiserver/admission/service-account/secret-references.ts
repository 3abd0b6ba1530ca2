// Which secrets a pod names, and whether its service account lets it.
// Behaviour: plugin/pkg/admission/serviceaccount/admission.go (limitSecretReferences), pkg/api/pod/util.go (VisitPodSecretNames), Kubernetes v1.36.3.
import type {
  Container,
  EphemeralContainer,
  PodSpec,
  ServiceAccount,
  Volume,
} from '../../../schema/generated/types/core-v1.ts';
import { someContainer } from '../../core/pod-spec/visit-containers.ts';

type Account = Pick<ServiceAccount, 'metadata' | 'secrets' | 'imagePullSecrets'>;

export function hasSecrets(spec: PodSpec): boolean {
  return (
    (spec.imagePullSecrets?.some(({ name }) => name) ?? false) ||
    someContainer(spec, namesSecret) ||
    (spec.volumes?.some((volume) => secretNamesOf(volume).some(Boolean)) ?? false)
  );
}

function namesSecret({ env, envFrom }: Pick<Container, 'env' | 'envFrom'>): boolean {
  return (
    (envFrom?.some(({ secretRef }) => secretRef?.name) ?? false) ||
    (env?.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name) ?? false)
  );
}

function secretNamesOf(volume: Volume): readonly (string | undefined)[] {
  const { projected, csi, azureFile, secret } = volume;
  if (projected) return (projected.sources ?? []).map((source) => source.secret?.name);
  const source = volume.cephfs ?? volume.cinder ?? volume.flexVolume ?? volume.rbd ?? volume.scaleIO;
  const other = source ?? volume.iscsi ?? volume.storageos;
  return [azureFile?.secretName, secret?.secretName, csi?.nodePublishSecretRef?.name, other?.secretRef?.name];
}

/** Why the account forbids a secret that the pod names, or undefined. */
export function forbiddenSecret(spec: PodSpec, account: Account): string | undefined {
  const mountable = mountableSecrets(account);
  for (const { secret } of spec.volumes ?? []) {
    const name = secret?.secretName ?? '';
    if (secret && !mountable.has(name))
      return `volume with secret.secretName="${name}" is not allowed because ${lacksSecret(account)}`;
  }
  return (
    forbiddenInContainers('init container', spec.initContainers, mountable, account) ??
    forbiddenInContainers('container', spec.containers, mountable, account) ??
    forbiddenPullSecret(spec, account)
  );
}

export function forbiddenEphemeralSecret(spec: PodSpec, account: Account): string | undefined {
  return forbiddenInContainers('ephemeral container', spec.ephemeralContainers, mountableSecrets(account), account);
}

function mountableSecrets({ secrets = [] }: Account): ReadonlySet<string> {
  return new Set(secrets.map(({ name = '' }) => name));
}

function forbiddenInContainers(
  noun: string,
  containers: readonly (Container | EphemeralContainer)[] | undefined,
  mountable: ReadonlySet<string>,
  account: Account,
): string | undefined {
  for (const container of containers ?? []) {
    for (const { name, valueFrom } of container.env ?? []) {
      const secret = valueFrom?.secretKeyRef?.name ?? '';
      if (valueFrom?.secretKeyRef && !mountable.has(secret))
        return `${noun} ${container.name} with envVar ${name} ${refersTo(secret, account)}`;
    }
    for (const { secretRef } of container.envFrom ?? []) {
      const secret = secretRef?.name ?? '';
      if (secretRef && !mountable.has(secret))
        return `${noun} ${container.name} with envFrom ${refersTo(secret, account)}`;
    }
  }
  return undefined;
}

function forbiddenPullSecret({ imagePullSecrets = [] }: PodSpec, account: Account): string | undefined {
  const allowed = new Set((account.imagePullSecrets ?? []).map(({ name = '' }) => name));
  const at = imagePullSecrets.findIndex(({ name = '' }) => !allowed.has(name));
  if (at < 0) return undefined;
  const name = imagePullSecrets[at]?.name ?? '';
  const why = `service account ${account.metadata.name ?? ''} does not reference that imagePullSecret`;
  return `imagePullSecrets[${at}].name="${name}" is not allowed because ${why}`;
}

function refersTo(secret: string, account: Account): string {
  return `referencing secret.secretName="${secret}" is not allowed because ${lacksSecret(account)}`;
}

function lacksSecret({ metadata }: Account): string {
  return `service account ${metadata.name ?? ''} does not reference that secret`;
}
