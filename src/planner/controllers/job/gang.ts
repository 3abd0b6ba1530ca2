// Makes the Workload and the PodGroup by which the pods of a parallel Job are scheduled as one gang.
// Behaviour: pkg/controller/job/job_scheduling_manager.go, Kubernetes v1.36.3.
import { findCondition } from '../../../apimachinery/conditions.ts';
import { fnv32a, safeEncodeString } from '../../../apimachinery/hash.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { isControlledBy, newControllerRef } from '../../../apimachinery/owner-references.ts';
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { PodGroup, Workload } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS } from '../../../schema/resource-names.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { accepted } from '../pod-control/refused-request.ts';
import { isIndexedJob, JOB_KIND } from './job-pods.ts';

const API_VERSION = 'scheduling.k8s.io/v1alpha2';
const WORKLOADS = 'workloads.scheduling.k8s.io';
const MAX_NAME_LENGTH = 253;

/** The group that new pods of the Job join; undefined when they are scheduled one by one. */
export function gangOf(job: Job, pods: readonly Pod[], context: SyncContext): PodGroup | undefined {
  if (!isCandidate(job)) return undefined;
  const workload = workloadOf(job, pods, context);
  return workload && groupOf(job, workload, context);
}

/** Parallel pods of which all have to succeed, and whose template names no group of its own. */
function isCandidate(job: Job): boolean {
  const { parallelism = 0, completions, template } = job.spec;
  return (
    parallelism > 1 && isIndexedJob(job) && completions === parallelism && template.spec.schedulingGroup === undefined
  );
}

/** Jobs that have started before are left alone. */
function isNew({ status }: Job, pods: readonly Pod[]): boolean {
  const hasRun = pods.length > 0 || status.startTime !== undefined || status.succeeded || status.failed;
  return !hasRun && !findCondition(status.conditions, 'Suspended');
}

function workloadOf(job: Job, pods: readonly Pod[], { reader, client, recorder }: SyncContext): Workload | undefined {
  const { namespace, name = '' } = job.metadata;
  const known = reader.list<Workload>(WORKLOADS, namespace).filter(({ spec: { controllerRef } }) => {
    const { apiGroup, kind, name: named } = controllerRef ?? {};
    return apiGroup === 'batch' && kind === 'Job' && named === name;
  });
  const [first, second] = known;
  if (second) return undefined;
  // What users make of a Workload is not understood: then the pods are scheduled one by one.
  if (first) return isControlledBy(first, job) && first.spec.podGroupTemplates?.length === 1 ? first : undefined;
  if (!isNew(job, pods)) return undefined;
  const workload: Workload = {
    apiVersion: API_VERSION,
    kind: 'Workload',
    metadata: {
      name: workloadName(job),
      ...inNamespace(namespace),
      ownerReferences: [newControllerRef(job, JOB_KIND)],
    },
    spec: {
      controllerRef: { apiGroup: 'batch', kind: 'Job', name },
      podGroupTemplates: [
        { name: `${name}-pgt-0`, schedulingPolicy: { gang: { minCount: job.spec.parallelism ?? 0 } } },
      ],
    },
  };
  const created = accepted(client.create(WORKLOADS, workload));
  const told = `Created Workload ${created.metadata.name} for Job ${name}`;
  recorder.event(job, 'Normal', 'WorkloadCreated', told);
  return created;
}

function groupOf(job: Job, workload: Workload, { reader, client }: SyncContext): PodGroup | undefined {
  const { namespace, name = '', uid = '' } = workload.metadata;
  const [first, second] = reader
    .list<PodGroup>(POD_GROUPS, namespace)
    .filter(({ spec }) => spec.podGroupTemplateRef?.workload?.workloadName === name);
  if (second) return undefined;
  if (first) return isControlledBy(first, job) ? first : undefined;
  const [template] = workload.spec.podGroupTemplates ?? [];
  if (!template) return undefined;
  const group: PodGroup = {
    apiVersion: API_VERSION,
    kind: 'PodGroup',
    metadata: {
      name: podGroupName(name, template.name),
      ...inNamespace(namespace),
      ownerReferences: [newControllerRef(job, JOB_KIND), { apiVersion: API_VERSION, kind: 'Workload', name, uid }],
    },
    spec: {
      podGroupTemplateRef: { workload: { workloadName: name, podGroupTemplateName: template.name } },
      schedulingPolicy: template.schedulingPolicy,
    },
    status: {},
  };
  return accepted(client.create(POD_GROUPS, group));
}

function inNamespace(namespace: string | undefined): Pick<KubeObject['metadata'], 'namespace'> {
  return namespace === undefined ? {} : { namespace };
}

export function workloadName({ metadata: { name = '', uid = '' } }: Pick<Job, 'metadata'>): string {
  const hash = safeEncodeString(String(fnv32a(`(types.UID)${uid}`)));
  return `${name.slice(0, MAX_NAME_LENGTH - hash.length - 1)}-${hash}`;
}

export function podGroupName(workload: string, template: string): string {
  const hash = safeEncodeString(String(fnv32a(workload + template)));
  const room = MAX_NAME_LENGTH - hash.length - 2;
  const [first, second] = shortened(workload, template, room);
  return `${first}-${second}-${hash}`;
}

/** Each gets half of the room, or what the other leaves of it. */
function shortened(first: string, second: string, room: number): readonly [string, string] {
  if (first.length + second.length <= room) return [first, second];
  const half = Math.floor(room / 2);
  if (first.length <= half) return [first, second.slice(0, room - first.length)];
  if (second.length <= half) return [first.slice(0, room - second.length), second];
  return [first.slice(0, room - half), second.slice(0, half)];
}
