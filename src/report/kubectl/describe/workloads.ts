// Describes workloads: deployments, replica sets, stateful sets, daemon sets, jobs, cron jobs, disruption budgets.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go and pkg/util/deployment/deployment.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goSorted } from '../../../apimachinery/go/sort.ts';
import { humanDuration } from '../../../apimachinery/time/duration.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import { LABEL_POD_TEMPLATE_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { CronJob, Job } from '../../../schema/generated/types/batch-v1.ts';
import type { PodTemplateSpec, ReplicationController } from '../../../schema/generated/types/core-v1.ts';
import type { PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import {
  compileLabelSelector,
  formatLabelSelector,
  formatLabels,
  type LabelSelector,
  labelSelectorAsSelector,
  selectorFromSet,
} from '../../../selectors/label-selector.ts';
import { storageClassOf } from '../get/storage.ts';
import { goText } from '../go-value.ts';
import {
  boolWord,
  controllerOf,
  describer,
  eventsOf,
  longTime,
  podCounts,
  type Surroundings,
  writeConditions,
  writeEvents,
  writeHead,
  writeMeta,
} from './describer.ts';
import { writePodTemplate } from './pod-template.ts';
import type { DescriptionWriter } from './writer.ts';

const UNSET = '<unset>';
const MAX_INDEXES = 50;

export const describeReplicationController = describer<ReplicationController>((w, object, around) => {
  const { spec, status } = object;
  writeHead(w, object);
  w.line(0, 'Selector:', formatLabels(spec.selector));
  writeMeta(w, object);
  w.line(0, 'Replicas:', `${status.replicas} current / ${spec.replicas ?? 0} desired`);
  w.line(0, 'Pods Status:', podCounts(object, selectorFromSet(spec.selector), around));
  writePodTemplate(w, spec.template);
  writeConditions(w, status.conditions);
  writeEvents(w, eventsOf(object, around), around);
});

export const describeReplicaSet = describer<ReplicaSet>((w, object, around) => {
  const { spec, status } = object;
  writeHead(w, object);
  w.line(0, 'Selector:', formatLabelSelector(spec.selector));
  writeMeta(w, object);
  const controller = controllerOf(object);
  if (controller !== '') w.line(0, 'Controlled By:', controller);
  w.line(0, 'Replicas:', `${status.replicas} current / ${spec.replicas ?? 0} desired`);
  w.line(0, 'Pods Status:', podCounts(object, compileLabelSelector(spec.selector), around));
  writePodTemplate(w, spec.template);
  writeConditions(w, status.conditions);
  writeEvents(w, eventsOf(object, around), around);
});

function selectorText(selector: LabelSelector | undefined): string {
  const parsed = labelSelectorAsSelector(selector);
  return parsed.ok ? parsed.value.toString() : `Failed to get selector: ${parsed.error}`;
}

export const describeJob = describer<Job>((w, job, around) => {
  const { spec, status } = job;
  writeHead(w, job);
  w.line(0, 'Selector:', selectorText(spec.selector));
  writeMeta(w, job);
  const controller = controllerOf(job);
  if (controller !== '') w.line(0, 'Controlled By:', controller);
  if (spec.parallelism !== undefined) w.line(0, 'Parallelism:', spec.parallelism);
  w.line(0, 'Completions:', spec.completions ?? UNSET);
  if (spec.completionMode !== undefined) w.line(0, 'Completion Mode:', spec.completionMode);
  if (spec.suspend !== undefined) w.line(0, 'Suspend:', spec.suspend);
  if (spec.backoffLimit !== undefined) w.line(0, 'Backoff Limit:', spec.backoffLimit);
  if (spec.ttlSecondsAfterFinished !== undefined) {
    w.line(0, 'TTL Seconds After Finished:', spec.ttlSecondsAfterFinished);
  }
  writeJobTimes(w, job);
  if (spec.activeDeadlineSeconds !== undefined) w.line(0, 'Active Deadline Seconds:', `${spec.activeDeadlineSeconds}s`);
  const ready = status.ready !== undefined ? ` (${status.ready} Ready)` : '';
  const counts = `${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`;
  w.line(0, 'Pods Statuses:', counts);
  if (spec.completionMode === 'Indexed') w.line(0, 'Completed Indexes:', cappedIndexes(status.completedIndexes ?? ''));
  writePodTemplate(w, spec.template);
  writeEvents(w, eventsOf(job, around), around);
});

function writeJobTimes(w: DescriptionWriter, { status }: Job): void {
  if (status.startTime) w.line(0, 'Start Time:', longTime(status.startTime));
  if (status.completionTime) w.line(0, 'Completed At:', longTime(status.completionTime));
  if (!status.startTime || !status.completionTime) return;
  const took = (parseTime(status.completionTime) ?? 0) - (parseTime(status.startTime) ?? 0);
  w.line(0, 'Duration:', humanDuration(took));
}

function cappedIndexes(indexes: string): string {
  if (indexes === '') return '<none>';
  const comma = indexes.indexOf(',', MAX_INDEXES);
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}

export const describeCronJob = describer<CronJob>((w, object, around) => {
  const { spec, status } = object;
  writeHead(w, object);
  writeMeta(w, object);
  w.line(0, 'Schedule:', spec.schedule);
  w.line(0, 'Concurrency Policy:', spec.concurrencyPolicy ?? '');
  w.line(0, 'Suspend:', boolWord(spec.suspend));
  w.line(0, 'Time Zone:', spec.timeZone ?? UNSET);
  w.line(0, 'Successful Job History Limit:', spec.successfulJobsHistoryLimit ?? UNSET);
  w.line(0, 'Failed Job History Limit:', spec.failedJobsHistoryLimit ?? UNSET);
  const deadline = spec.startingDeadlineSeconds;
  w.line(0, 'Starting Deadline Seconds:', deadline !== undefined ? `${deadline}s` : UNSET);
  const job = spec.jobTemplate.spec;
  w.line(0, 'Selector:', job.selector ? selectorText(job.selector) : UNSET);
  w.line(0, 'Parallelism:', job.parallelism ?? UNSET);
  w.line(0, 'Completions:', job.completions ?? UNSET);
  if (job.activeDeadlineSeconds !== undefined) w.line(0, 'Active Deadline Seconds:', `${job.activeDeadlineSeconds}s`);
  writePodTemplate(w, job.template);
  w.line(0, 'Last Schedule Time:', status.lastScheduleTime ? longTime(status.lastScheduleTime) : UNSET);
  const active = (status.active ?? []).map(({ name }) => name ?? '');
  w.line(0, 'Active Jobs:', active.length === 0 ? '<none>' : active.join(', '));
  writeEvents(w, eventsOf(object, around), around);
});

export const describeDaemonSet = describer<DaemonSet>((w, object, around) => {
  const { spec, status } = object;
  writeHead(w, object);
  w.line(0, 'Selector:', selectorText(spec.selector));
  w.line(0, 'Node-Selector:', formatLabels(spec.template.spec.nodeSelector));
  writeMeta(w, object);
  w.write(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled}\n`);
  w.write(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled}\n`);
  w.write(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}\n`);
  w.write(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}\n`);
  w.write(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled}\n`);
  w.line(0, 'Pods Status:', podCounts(object, compileLabelSelector(spec.selector), around));
  writePodTemplate(w, spec.template);
  writeEvents(w, eventsOf(object, around), around);
});

export const describeStatefulSet = describer<StatefulSet>((w, object, around) => {
  const { spec, status, metadata } = object;
  writeHead(w, object);
  w.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp));
  w.line(0, 'Selector:', selectorText(spec.selector));
  writeMeta(w, object);
  w.line(0, 'Replicas:', `${spec.replicas ?? 0} desired | ${status.replicas} total`);
  w.line(0, 'Update Strategy:', spec.updateStrategy?.type ?? '');
  const rolling = spec.updateStrategy?.rollingUpdate;
  if (rolling?.partition !== undefined) {
    w.line(1, 'Partition:', rolling.partition);
    if (rolling.maxUnavailable !== undefined) w.line(1, 'MaxUnavailable:', String(rolling.maxUnavailable));
  }
  w.line(0, 'Pods Status:', podCounts(object, compileLabelSelector(spec.selector), around));
  writePodTemplate(w, spec.template);
  writeClaimTemplates(w, object);
  writeEvents(w, eventsOf(object, around), around);
});

function writeClaimTemplates(w: DescriptionWriter, { spec }: StatefulSet): void {
  const templates = spec.volumeClaimTemplates ?? [];
  if (templates.length === 0) {
    w.line(0, 'Volume Claims:', '<none>');
    return;
  }
  w.write(0, 'Volume Claims:\n');
  for (const claim of templates) {
    w.line(1, 'Name:', claim.metadata.name ?? '');
    w.line(1, 'StorageClass:', storageClassOf(claim));
    w.labels('Labels', claim.metadata.labels, '  ');
    w.labels('Annotations', claim.metadata.annotations, '  ');
    w.line(1, 'Capacity:', claim.spec.resources?.requests?.['storage'] ?? '<default>');
    w.line(1, 'Access Modes:', goText(claim.spec.accessModes ?? []));
  }
}

export const describeDeployment = describer<Deployment>((w, object, around) => {
  const { spec, status, metadata } = object;
  writeHead(w, object);
  w.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp));
  writeMeta(w, object);
  w.line(0, 'Selector:', selectorText(spec.selector));
  const counts = [
    `${spec.replicas ?? 0} desired`,
    `${status.updatedReplicas ?? 0} updated`,
    `${status.replicas ?? 0} total`,
    `${status.availableReplicas ?? 0} available`,
    `${status.unavailableReplicas ?? 0} unavailable`,
  ];
  w.line(0, 'Replicas:', counts.join(' | '));
  w.line(0, 'StrategyType:', spec.strategy?.type ?? '');
  w.line(0, 'MinReadySeconds:', spec.minReadySeconds ?? 0);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling) {
    const text = `${rolling.maxUnavailable ?? '<nil>'} max unavailable, ${rolling.maxSurge ?? '<nil>'} max surge`;
    w.line(0, 'RollingUpdateStrategy:', text);
  }
  writePodTemplate(w, spec.template);
  writeConditions(w, status.conditions);
  const { before, current } = replicaSetsOf(object, around);
  if (before.length > 0 || current) {
    w.line(0, 'OldReplicaSets:', replicaSetsText(before));
    w.line(0, 'NewReplicaSet:', replicaSetsText(current ? [current] : []));
  }
  writeEvents(w, eventsOf(object, around), around);
});

/** The replica sets of a deployment, oldest first; the current one has the deployment's template. */
export function replicaSetsOf(
  deployment: Deployment,
  around: Pick<Surroundings, 'list'>,
): { readonly before: readonly ReplicaSet[]; readonly current: ReplicaSet | undefined } {
  const selector = compileLabelSelector(deployment.spec.selector);
  const owned = around
    .list<ReplicaSet>('ReplicaSet.apps', deployment.metadata.namespace)
    .filter(
      ({ metadata }) =>
        selector.matches(metadata.labels) &&
        metadata.ownerReferences?.find(({ controller }) => controller)?.uid === deployment.metadata.uid,
    );
  const sorted = goSorted(owned, (a, b) => {
    const byTime = compareBytes(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '');
    return (byTime || compareBytes(a.metadata.name ?? '', b.metadata.name ?? '')) < 0;
  });
  const wanted = withoutHash(deployment.spec.template);
  const current = sorted.find(({ spec }) => spec.template && semanticDeepEqual(withoutHash(spec.template), wanted));
  return { before: sorted.filter((one) => one !== current), current };
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [LABEL_POD_TEMPLATE_HASH]: _, ...labels } = template.metadata.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function replicaSetsText(sets: readonly ReplicaSet[]): string {
  const texts = sets.map(
    ({ metadata, status, spec }) => `${metadata.name} (${status.replicas}/${spec.replicas ?? 0} replicas created)`,
  );
  return texts.join(', ') || '<none>';
}

export const describePodDisruptionBudget = describer<PodDisruptionBudget>((w, object, around) => {
  const { spec, status } = object;
  writeHead(w, object);
  if (spec.minAvailable !== undefined) w.line(0, 'Min available:', String(spec.minAvailable));
  else if (spec.maxUnavailable !== undefined) w.line(0, 'Max unavailable:', String(spec.maxUnavailable));
  w.line(0, 'Selector:', spec.selector ? formatLabelSelector(spec.selector) : UNSET);
  w.write(0, 'Status:\n');
  w.line(2, 'Allowed disruptions:', status.disruptionsAllowed);
  w.line(2, 'Current:', status.currentHealthy);
  w.line(2, 'Desired:', status.desiredHealthy);
  w.line(2, 'Total:', status.expectedPods);
  writeEvents(w, eventsOf(object, around), around);
});
