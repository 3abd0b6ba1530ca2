// Columns of pods, pod templates and pod disruption budgets.
// Behaviour: pkg/printers/internalversion/printers.go (printPod, printPodTemplate, printPodDisruptionBudget), Kubernetes v1.36.3.
import { isConditionTrue } from '../../../apimachinery/conditions.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import type { ContainerStatus, Pod, PodTemplate } from '../../../schema/generated/types/core-v1.ts';
import type { PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import { formatLabels } from '../../../selectors/label-selector.ts';
import { ageOf, containerCells, NONE, since, tablePrinter } from './printer.ts';

const POD_COLUMNS = 'Name|Ready|Status|Restarts|Age|IP+|Node+|Nominated Node+|Readiness Gates+';

export const podPrinter = tablePrinter<Pod>(POD_COLUMNS, (pod, now) => {
  const { ready, total, reason, restarts, lastRestart } = podSummary(pod);
  const count =
    restarts !== 0 && lastRestart !== undefined ? `${restarts} (${since(lastRestart, now)} ago)` : `${restarts}`;
  return [
    pod.metadata.name ?? '',
    `${ready}/${total}`,
    reason,
    count,
    ageOf(pod, now),
    pod.status.podIPs?.[0]?.ip || NONE,
    pod.spec.nodeName || NONE,
    pod.status.nominatedNodeName || NONE,
    readinessGates(pod),
  ];
});

interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  readonly lastRestart: string | undefined;
}

/** What the columns READY, STATUS and RESTARTS sum up. */
function podSummary(pod: Pod): PodSummary {
  const { spec, status, metadata } = pod;
  const sidecars = new Set(
    (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  let reason = status.reason || status.phase || '';
  const isGated = status.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated');
  if (isGated) reason = 'SchedulingGated';
  const init = initSummary(pod, sidecars);
  if (init.reason !== undefined) reason = init.reason;
  let { ready, restarts, lastRestart } = init;
  if (init.reason === undefined || isConditionTrue(pod.status.conditions, 'Initialized')) {
    const main = mainSummary(pod, reason);
    reason = main.reason;
    ready += main.ready;
    restarts = init.sidecarRestarts + main.restarts;
    lastRestart = later(init.lastSidecarRestart, main.lastRestart);
  }
  if (metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') reason = 'Unknown';
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') reason = 'Terminating';
  }
  return { ready, total: (spec.containers?.length ?? 0) + sidecars.size, reason, restarts, lastRestart };
}

interface InitSummary {
  ready: number;
  restarts: number;
  lastRestart: string | undefined;
  sidecarRestarts: number;
  lastSidecarRestart: string | undefined;
  /** Set while the pod is initializing. */
  reason: string | undefined;
}

function initSummary({ spec, status }: Pod, sidecars: ReadonlySet<string>): InitSummary {
  const sum: InitSummary = {
    ready: 0,
    restarts: 0,
    lastRestart: undefined,
    sidecarRestarts: 0,
    lastSidecarRestart: undefined,
    reason: undefined,
  };
  for (const [i, container] of (status.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecars.has(container.name);
    const finished = container.lastState?.terminated?.finishedAt ?? undefined;
    sum.restarts += container.restartCount;
    sum.lastRestart = later(sum.lastRestart, finished);
    if (isSidecar) {
      sum.sidecarRestarts += container.restartCount;
      sum.lastSidecarRestart = later(sum.lastSidecarRestart, finished);
    }
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isSidecar && container.started) {
      if (container.ready) sum.ready++;
      continue;
    }
    if (terminated) sum.reason = `Init:${terminatedText(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') sum.reason = `Init:${waiting.reason}`;
    else sum.reason = `Init:${i}/${spec.initContainers?.length ?? 0}`;
    break;
  }
  return sum;
}

function mainSummary(
  pod: Pod,
  reasonBefore: string,
): { ready: number; restarts: number; lastRestart: string | undefined; reason: string } {
  let reason = reasonBefore;
  let ready = 0;
  let restarts = 0;
  let lastRestart: string | undefined;
  let hasRunning = false;
  let errorReason = '';
  for (const container of [...(pod.status.containerStatuses ?? [])].reverse()) {
    restarts += container.restartCount;
    lastRestart = later(lastRestart, container.lastState?.terminated?.finishedAt ?? undefined);
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) {
      reason = terminatedText(terminated);
      if (terminated.exitCode !== 0) errorReason = reason;
    } else if (container.ready && running) {
      hasRunning = true;
      ready++;
    }
  }
  if (reason === 'Completed') {
    if (hasRunning && isConditionTrue(pod.status.conditions, 'Ready')) reason = 'Running';
    else if (errorReason !== '') reason = errorReason;
    else if (hasRunning) reason = 'NotReady';
  }
  return { ready, restarts, lastRestart, reason };
}

function terminatedText({
  reason,
  signal,
  exitCode,
}: NonNullable<NonNullable<ContainerStatus['state']>['terminated']>): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (parseTime(a) ?? 0) < (parseTime(b) ?? 0) ? b : a;
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  const met = gates.filter(
    ({ conditionType }) => status.conditions?.find(({ type }) => type === conditionType)?.status === 'True',
  );
  return `${met.length}/${gates.length}`;
}

export const podTemplatePrinter = tablePrinter<PodTemplate>('Name|Containers|Images|Pod Labels', (object) => [
  object.metadata.name ?? '',
  ...containerCells(object.template.spec.containers),
  formatLabels(object.template.metadata.labels),
]);

export const podDisruptionBudgetPrinter = tablePrinter<PodDisruptionBudget>(
  'Name|Min Available|Max Unavailable|Allowed Disruptions|Age',
  (object, now) => [
    object.metadata.name ?? '',
    String(object.spec.minAvailable ?? 'N/A'),
    String(object.spec.maxUnavailable ?? 'N/A'),
    object.status.disruptionsAllowed,
    ageOf(object, now),
  ],
);
