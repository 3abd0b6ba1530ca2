// Refuses pods that break the pod security level of their namespace, and warns of templates whose pods would.
// Behaviour: [pod-security-admission]/admission/admission.go, plugin/pkg/admission/security/podsecurity/admission.go, Kubernetes v1.36.3.
// No namespace, user or runtime class is exempt, as without a configuration file.
// Differs: the pods of a namespace whose level changes are all looked at (of the first 3000), however long that takes.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import { forbidden, newInvalid } from '../../../apimachinery/status.ts';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { CronJob, Job } from '../../../schema/generated/types/batch-v1.ts';
import type {
  Namespace,
  Pod,
  PodSpec,
  PodTemplate,
  ReplicationController,
} from '../../../schema/generated/types/core-v1.ts';
import { groupResourceOf } from '../../resource.ts';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin, AdmissionRefusal } from '../chain/plugin.ts';
import { refuseWith } from '../chain/refusal.ts';
import { oldSubjectOf, subjectOf } from '../chain/subject.ts';
import { detailsText, violations } from './evaluate.ts';
import { existingPodWarnings } from './existing-pods.ts';
import { isSamePolicy, isStricter, levelVersionText, policyOf } from './policy.ts';

const NAME = 'PodSecurity';

/** The pod that is in an object, or would be made from it. */
interface PodLike {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
}

type Template = Deployment | ReplicaSet | StatefulSet | DaemonSet | Job | ReplicationController;
const ofSpec = (object: KubeObject): PodLike | undefined => (object as Template).spec.template;

/** A request's object is decoded as its resource's kind, and each of these kinds keeps its template in its own place. */
const TEMPLATES: Readonly<Record<string, (object: KubeObject) => PodLike | undefined>> = {
  replicationcontrollers: ofSpec,
  podtemplates: (object) => (object as PodTemplate).template,
  'replicasets.apps': ofSpec,
  'deployments.apps': ofSpec,
  'statefulsets.apps': ofSpec,
  'daemonsets.apps': ofSpec,
  'jobs.batch': ofSpec,
  'cronjobs.batch': (object) => (object as CronJob).spec.jobTemplate.spec.template,
};
const IGNORED_SUBRESOURCES: ReadonlySet<string> = new Set(['binding', 'eviction', 'status']);

export const podSecurity: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'namespaces', ...Object.keys(TEMPLATES)],
  validate(attributes, context) {
    const { resource, subresource, object } = attributes;
    if (!object) return undefined;
    if (resource.group === '' && resource.plural === 'pods')
      return IGNORED_SUBRESOURCES.has(subresource) ? undefined : checkPod(object as Pod, attributes, context);
    if (subresource !== '') return undefined;
    if (resource.group === '' && resource.plural === 'namespaces') return checkNamespace(attributes, context);
    const template = TEMPLATES[resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`];
    const pod = template?.(object);
    if (pod) warnAbout(pod, attributes, context);
    return undefined;
  },
};

function checkPod(pod: Pod, attributes: AdmissionAttributes, context: AdmissionContext): AdmissionRefusal | undefined {
  const { enforce, warn } = namespacePolicy(attributes, context);
  if (enforce.level === 'privileged' && warn.level === 'privileged') return undefined;
  const old = attributes.operation === 'UPDATE' ? oldSubjectOf<Pod>(attributes) : undefined;
  if (old && !isSignificantUpdate(pod.spec, old.spec)) return undefined;
  const found = violations(enforce, pod.spec, pod.metadata, minorOf(context));
  if (found.length === 0) {
    if (!isSamePolicy(enforce, warn)) warnAbout(pod, attributes, context);
    return undefined;
  }
  const text = `violates PodSecurity ${goQuote(levelVersionText(enforce))}: ${detailsText(found)}`;
  return refuseWith(forbidden(groupResourceOf(attributes.resource), attributes.name, text), NAME);
}

function warnAbout({ spec, metadata }: PodLike, attributes: AdmissionAttributes, context: AdmissionContext): void {
  const { warn } = namespacePolicy(attributes, context);
  const found = violations(warn, spec, metadata, minorOf(context));
  if (found.length === 0) return;
  context.warn(`would violate PodSecurity ${goQuote(levelVersionText(warn))}: ${detailsText(found)}`);
}

function namespacePolicy({ namespace = '' }: AdmissionAttributes, { reader }: AdmissionContext) {
  return policyOf(reader.get<Namespace>('namespaces', undefined, namespace)?.metadata.labels);
}

/** Only what can make a pod break a rule: the images of its containers, and new containers. */
function isSignificantUpdate(spec: PodSpec, old: PodSpec): boolean {
  const isChanged = (list: 'containers' | 'initContainers'): boolean => {
    const [now, before] = [spec[list] ?? [], old[list] ?? []];
    return now.length !== before.length || now.some(({ image }, i) => image !== before[i]?.image);
  };
  if (isChanged('containers') || isChanged('initContainers')) return true;
  return (spec.ephemeralContainers ?? []).some(({ name, image }) => {
    const before = old.ephemeralContainers?.find((candidate) => candidate.name === name);
    return !before || before.image !== image;
  });
}

function checkNamespace(attributes: AdmissionAttributes, context: AdmissionContext): AdmissionRefusal | undefined {
  const namespace = subjectOf<Namespace>(attributes, { plural: 'namespaces' });
  const policy = policyOf(namespace?.metadata.labels);
  const before = oldSubjectOf<Namespace>(attributes);
  const old = before && policyOf(before.metadata.labels);
  const areErrorsNew =
    policy.errors.length !== old?.errors.length ||
    policy.errors.some(
      ({ field, badValue }, i) => field !== old.errors[i]?.field || badValue !== old.errors[i]?.badValue,
    );
  if (policy.errors.length > 0 && areErrorsNew)
    return refuseWith(newInvalid({ group: '', kind: 'Namespace' }, attributes.name, policy.errors), NAME);
  if (!old || isSamePolicy(policy.enforce, old.enforce) || policy.enforce.level === 'privileged') return undefined;
  const isRelaxed =
    policy.enforce.version === old.enforce.version && !isStricter(policy.enforce.level, old.enforce.level);
  if (isRelaxed) return undefined;
  for (const text of existingPodWarnings(attributes.name, policy.enforce, context.reader, minorOf(context)))
    context.warn(text);
  return undefined;
}

function minorOf({ kubernetesVersion }: AdmissionContext): number {
  return Number(kubernetesVersion.slice(kubernetesVersion.indexOf('.') + 1));
}
