// Columns of workloads: deployments, replica sets, stateful sets, daemon sets, jobs, cron jobs and their revisions.
// Behaviour: pkg/printers/internalversion/printers.go, Kubernetes v1.36.3.
import { humanDuration } from '../../../apimachinery/time/duration.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
} from '../../../schema/generated/types/apps-v1.ts';
import type { CronJob, Job } from '../../../schema/generated/types/batch-v1.ts';
import type { ReplicationController } from '../../../schema/generated/types/core-v1.ts';
import { formatLabelSelector, formatLabels, labelSelectorAsSelector } from '../../../selectors/label-selector.ts';
import { ageOf, boolText, containerCells, NONE, since, tablePrinter } from './printer.ts';

const REPLICATED_COLUMNS = 'Name|Desired|Current|Ready|Age|Containers+|Images+|Selector+';

export const replicationControllerPrinter = tablePrinter<ReplicationController>(REPLICATED_COLUMNS, (object, now) => [
  object.metadata.name ?? '',
  object.spec.replicas ?? 0,
  object.status.replicas,
  object.status.readyReplicas ?? 0,
  ageOf(object, now),
  ...containerCells(object.spec.template?.spec.containers),
  formatLabels(object.spec.selector),
]);

export const replicaSetPrinter = tablePrinter<ReplicaSet>(REPLICATED_COLUMNS, (object, now) => [
  object.metadata.name ?? '',
  object.spec.replicas ?? 0,
  object.status.replicas,
  object.status.readyReplicas ?? 0,
  ageOf(object, now),
  ...containerCells(object.spec.template?.spec.containers),
  formatLabelSelector(object.spec.selector),
]);

export const deploymentPrinter = tablePrinter<Deployment>(
  'Name|Ready|Up-to-date|Available|Age|Containers+|Images+|Selector+',
  (object, now) => {
    const selector = labelSelectorAsSelector(object.spec.selector);
    return [
      object.metadata.name ?? '',
      `${object.status.readyReplicas ?? 0}/${object.spec.replicas ?? 0}`,
      object.status.updatedReplicas ?? 0,
      object.status.availableReplicas ?? 0,
      ageOf(object, now),
      ...containerCells(object.spec.template.spec.containers),
      selector.ok ? selector.value.toString() : '<invalid>',
    ];
  },
);

export const statefulSetPrinter = tablePrinter<StatefulSet>('Name|Ready|Age|Containers+|Images+', (object, now) => [
  object.metadata.name ?? '',
  `${object.status.readyReplicas ?? 0}/${object.spec.replicas ?? 0}`,
  ageOf(object, now),
  ...containerCells(object.spec.template.spec.containers),
]);

export const daemonSetPrinter = tablePrinter<DaemonSet>(
  'Name|Desired|Current|Ready|Up-to-date|Available|Node Selector|Age|Containers+|Images+|Selector+',
  (object, now) => [
    object.metadata.name ?? '',
    object.status.desiredNumberScheduled,
    object.status.currentNumberScheduled,
    object.status.numberReady,
    object.status.updatedNumberScheduled ?? 0,
    object.status.numberAvailable ?? 0,
    formatLabels(object.spec.template.spec.nodeSelector),
    ageOf(object, now),
    ...containerCells(object.spec.template.spec.containers),
    formatLabelSelector(object.spec.selector),
  ],
);

export const jobPrinter = tablePrinter<Job>(
  'Name|Status|Completions|Duration|Age|Containers+|Images+|Selector+',
  (object, now) => [
    object.metadata.name ?? '',
    jobStatus(object),
    completions(object),
    jobDuration(object, now),
    ageOf(object, now),
    ...containerCells(object.spec.template.spec.containers),
    formatLabelSelector(object.spec.selector),
  ],
);

function completions({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  return (spec.parallelism ?? 0) > 1 ? `${succeeded}/1 of ${spec.parallelism}` : `${succeeded}/1`;
}

function jobDuration({ status }: Job, now: number): string {
  const start = status.startTime ? parseTime(status.startTime) : undefined;
  if (start === undefined) return '';
  const end = status.completionTime ? parseTime(status.completionTime) : undefined;
  return humanDuration((end ?? now) - start);
}

function jobStatus({ status, metadata }: Job): string {
  const has = (type: string): boolean => status.conditions?.find((c) => c.type === type)?.status === 'True';
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

export const cronJobPrinter = tablePrinter<CronJob>(
  'Name|Schedule|Timezone|Suspend|Active|Last Schedule|Age|Containers+|Images+|Selector+',
  (object, now) => [
    object.metadata.name ?? '',
    object.spec.schedule,
    object.spec.timeZone ?? NONE,
    boolText(object.spec.suspend),
    object.status.active?.length ?? 0,
    object.status.lastScheduleTime ? since(object.status.lastScheduleTime, now) : NONE,
    ageOf(object, now),
    ...containerCells(object.spec.jobTemplate.spec.template.spec.containers),
    formatLabelSelector(object.spec.jobTemplate.spec.selector),
  ],
);

export const controllerRevisionPrinter = tablePrinter<ControllerRevision>(
  'Name|Controller|Revision|Age',
  (object, now) => {
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
    const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
    return [
      object.metadata.name ?? '',
      owner ? `${`${owner.kind}${group}`.toLowerCase()}/${owner.name}` : NONE,
      object.revision,
      ageOf(object, now),
    ];
  },
);
