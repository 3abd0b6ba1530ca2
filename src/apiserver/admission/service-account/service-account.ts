// Every pod runs as a service account that exists, with its token mounted and its image pull secrets.
// Behaviour: plugin/pkg/admission/serviceaccount/admission.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { CONFIG_MIRROR, ENFORCE_MOUNTABLE_SECRETS } from '../../../apimachinery/well-known/annotations.ts';
import type { Pod, ServiceAccount } from '../../../schema/generated/types/core-v1.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import { lookupError } from '../chain/lookup-error.ts';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin, AdmissionRefusal } from '../chain/plugin.ts';
import { forbid, plainError } from '../chain/refusal.ts';
import { subjectOf } from '../chain/subject.ts';
import { mountToken } from './mount-token.ts';
import { forbiddenEphemeralSecret, forbiddenSecret, hasSecrets } from './secret-references.ts';

const NAME = 'ServiceAccount';
const DEFAULT_ACCOUNT = 'default';
const MIRROR_WITH_ACCOUNT = 'a mirror pod may not reference service accounts';
const MIRROR_WITH_SECRETS = 'a mirror pod may not reference secrets';
const MIRROR_WITH_TOKEN = 'a mirror pod may not use ServiceAccountToken volume projections';
/** What strconv.ParseBool takes for true. */
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);

export const serviceAccount: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  subresources: ['', 'ephemeralcontainers'],

  mutate(attributes, context) {
    const given = attributes.operation === 'CREATE' ? subjectOf<Pod>(attributes, { plural: 'pods' }) : undefined;
    if (!given) return undefined;
    // The kubelet deletes a mirror pod whose spec is not the one that it wrote.
    if (isMirrorPod(given)) return checkMirrorPod(given, attributes);
    const name = given.spec.serviceAccountName || DEFAULT_ACCOUNT;
    const account = accountOf(name, attributes, context.reader);
    if (!account) return notFound(name, attributes);
    const pod = given.spec.serviceAccountName
      ? given
      : { ...given, spec: { ...given.spec, serviceAccountName: name, serviceAccount: name } };
    const mounted = withPullSecrets(withToken(pod, account, context), account);
    return checkReferences(mounted, account, attributes) ?? mounted;
  },

  validate(attributes, { reader }) {
    const pod = subjectOf<Pod>(attributes, { plural: 'pods' });
    if (pod) {
      if (attributes.operation !== 'CREATE') return undefined;
      if (isMirrorPod(pod)) return checkMirrorPod(pod, attributes);
      return checkAccount(pod, attributes, reader, checkReferences);
    }
    const debugged = subjectOf<Pod>(attributes, { plural: 'pods', subresource: 'ephemeralcontainers' });
    if (!debugged || attributes.operation !== 'UPDATE') return undefined;
    return checkAccount(debugged, attributes, reader, checkEphemeralReferences);
  },
};

function isMirrorPod({ metadata }: Pod): boolean {
  return metadata.annotations?.[CONFIG_MIRROR] !== undefined;
}

function checkMirrorPod({ spec }: Pod, attributes: AdmissionAttributes): AdmissionRefusal | undefined {
  if (spec.serviceAccountName) return forbid(attributes, MIRROR_WITH_ACCOUNT, NAME);
  if (hasSecrets(spec)) return forbid(attributes, MIRROR_WITH_SECRETS, NAME);
  const hasToken = spec.volumes?.some(({ projected }) => projected?.sources?.some((s) => s.serviceAccountToken));
  return hasToken ? forbid(attributes, MIRROR_WITH_TOKEN, NAME) : undefined;
}

/**
 * The account by name. The default one is waited for, because its controller makes it as soon as the namespace is there;
 * that it is not there yet says nothing.
 */
function accountOf(
  name: string,
  { namespace }: AdmissionAttributes,
  reader: ClusterReader,
): Pick<ServiceAccount, 'metadata' | 'secrets' | 'imagePullSecrets' | 'automountServiceAccountToken'> | undefined {
  const found = reader.get<ServiceAccount>('serviceaccounts', namespace, name);
  return found ?? (name === DEFAULT_ACCOUNT ? { metadata: { name } } : undefined);
}

type Account = NonNullable<ReturnType<typeof accountOf>>;

function notFound(name: string, attributes: AdmissionAttributes): AdmissionRefusal {
  const why = lookupError(name) ?? `serviceaccount ${goQuote(name)} not found`;
  return forbid(attributes, `error looking up service account ${attributes.namespace}/${name}: ${why}`, NAME);
}

function withToken(pod: Pod, account: Account, { allocate }: AdmissionContext): Pod {
  // The pod's wish counts before its account's.
  if (!(pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)) return pod;
  return { ...pod, spec: mountToken(pod.spec, (base) => base + allocate.nameSuffix(base)) };
}

function withPullSecrets(pod: Pod, { imagePullSecrets = [] }: Account): Pod {
  if ((pod.spec.imagePullSecrets?.length ?? 0) > 0 || imagePullSecrets.length === 0) return pod;
  return { ...pod, spec: { ...pod.spec, imagePullSecrets } };
}

function checkAccount(
  pod: Pod,
  attributes: AdmissionAttributes,
  reader: ClusterReader,
  check: (pod: Pod, account: Account, attributes: AdmissionAttributes) => AdmissionRefusal | undefined,
): AdmissionRefusal | undefined {
  const name = pod.spec.serviceAccountName;
  if (!name) {
    const text = `no service account specified for pod ${attributes.namespace}/${pod.metadata.name ?? ''}`;
    return forbid(attributes, text, NAME);
  }
  const account = accountOf(name, attributes, reader);
  return account ? check(pod, account, attributes) : notFound(name, attributes);
}

function checkReferences(pod: Pod, account: Account, attributes: AdmissionAttributes): AdmissionRefusal | undefined {
  const text = isEnforcing(account) ? forbiddenSecret(pod.spec, account) : undefined;
  return text === undefined ? undefined : forbid(attributes, text, NAME);
}

function checkEphemeralReferences(pod: Pod, account: Account): AdmissionRefusal | undefined {
  const text = isEnforcing(account) ? forbiddenEphemeralSecret(pod.spec, account) : undefined;
  // Upstream says this one as a plain error, which the client sees as an internal one.
  return text === undefined ? undefined : plainError(text, NAME);
}

function isEnforcing({ metadata }: Account): boolean {
  return TRUE.has(metadata.annotations?.[ENFORCE_MOUNTABLE_SECRETS] ?? '');
}
