// The main job: a described cluster and manifests in, a plan out. Settles the cluster, applies the manifests in it, lets it settle
// again, and compares. Everything in simulated time; nothing here reads files or the clock.
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import { mustParseTime, parseTime } from '../apimachinery/time.ts';
import type { AdmissionChange } from '../apiserver/admission/admission-record.ts';
import type { AdmissionPlugin } from '../apiserver/admission/plugin.ts';
import { conditionError, type DescribedWebhook } from '../apiserver/admission/webhook/described-webhook.ts';
import { RbacAuthorizer } from '../apiserver/authorization/rbac/rbac-authorizer.ts';
import type { User } from '../apiserver/request.ts';
import type { Resource } from '../apiserver/resource.ts';
import { resourceNameOf } from '../apiserver/resource.ts';
import type { Manifest } from '../manifests/manifest.ts';
import { applyManifests } from './apply/apply-manifests.ts';
import { type ApplyFlags, applyWithFlags } from './apply/apply-with-flags.ts';
import { inApplyOrder } from './apply/order.ts';
import { policyProblems, unknownWebhooks, webhookCalls } from './changes/admission.ts';
import { assumptionsOf, type Described } from './changes/assumptions.ts';
import { changesOf, submittedKey } from './changes/changes.ts';
import { digestOf } from './changes/digests.ts';
import { eventsOf } from './changes/events.ts';
import { evictionsOf } from './changes/evictions.ts';
import { expressionWarnings } from './changes/expression-warnings.ts';
import { History } from './changes/history.ts';
import { pendingPods, placementsOf } from './changes/placements.ts';
import { FORMAT_VERSION, type PendingPod, type Plan } from './changes/plan.ts';
import { withReplacements } from './changes/replacements.ts';
import { rolloutsOf } from './changes/rollouts.ts';
import { serviceEndpoints } from './changes/services.ts';
import { cycleStalls } from './changes/stalls/cycle-stalls.ts';
import { heldDeletions } from './changes/stalls/held-deletions.ts';
import { stallsOf } from './changes/stalls/stalls.ts';
import { throttledWorkloads } from './changes/stalls/throttled.ts';
import { summarize } from './changes/summary.ts';
import { timelineOf } from './changes/timeline.ts';
import { usagesOf } from './changes/usage.ts';
import type { ControllerFactory } from './engine/controller.ts';
import type { RunResult } from './engine/engine.ts';
import type { RefusalOptions } from './explain/refusals.ts';
import {
  BUILT_IN_ASSUMPTION,
  BUILT_IN_CLUSTER,
  type ClusterFile,
  objectsOf,
  webhooksOf,
} from './inventory/cluster-file.ts';
import { contradictionsOf } from './inventory/contradictions.ts';
import type { DecodedAhead } from './inventory/decoded-ahead.ts';
import { describedBehaviour, describedMetrics, staticPodsOf } from './inventory/described-behaviour.ts';
import { restoreBootstrap, restoreManifests, restoreMissing, restoreObjects } from './inventory/load-inventory.ts';
import type { KubernetesOptions } from './kubernetes-options.ts';
import { type Operation, operate } from './operation.ts';
import { danglingReferences, type SubmittedObject } from './references/dangling.ts';
import { removedAgain } from './references/removed-again.ts';
import { unreachablePorts } from './references/unreachable-ports.ts';
import type { SchedulerConfiguration } from './scheduler/profile/configuration.ts';
import { World } from './world.ts';

export interface PlanInput {
  readonly kubernetes: KubernetesOptions;
  readonly manifests: readonly Manifest[];
  /** The described cluster; the built-in one stands in when both parts are absent. */
  readonly cluster?: {
    readonly file?: ClusterFile;
    readonly objects: readonly Manifest[];
    /** Nobody reads the objects' values again: they are dropped one by one as they are taken into the store. */
    readonly isReadOnce?: boolean;
    /** Which of the objects' values are objects already. */
    readonly decoded?: DecodedAhead;
  };
  readonly defaultNamespace: string;
  readonly parts: PlanParts;
  /** The described cluster's KubeSchedulerConfiguration as decodeSchedulerConfiguration reads it, and what of it is left out. */
  readonly scheduler?: { readonly configuration: SchedulerConfiguration; readonly notes: readonly string[] };
  /** How kubectl applies the manifests, where it is asked to do more than its plain apply. */
  readonly apply?: ApplyFlags;
  /** What is done when the manifests are applied. */
  readonly operation?: Operation;
  /** Who applies the manifests, with the rights that his roles give him; a cluster administrator when absent. */
  readonly user?: User;
  /** Roles and bindings that every API server makes, where they matter: those that the described cluster lacks are added. */
  readonly policy?: readonly Record<string, unknown>[];
  /** Delete and create anew what cannot be changed in place. */
  readonly replace?: boolean;
  /** Told now and then what a long plan is at. */
  readonly onProgress?: (text: string) => void;
}

/** The pieces of the simulated control plane, as src/planner/parts.ts loads them. */
export interface PlanParts {
  readonly resources: readonly Resource[];
  readonly admission: readonly AdmissionPlugin[];
  readonly components: readonly ControllerFactory[];
  /** Says of pending pods what keeps them off each node. */
  readonly withRefusals?: (
    pending: readonly PendingPod[],
    world: World,
    options: RefusalOptions,
  ) => readonly PendingPod[];
}

/** Bounds of one settling: a day of simulated time, and more syncs than any cluster of 150,000 pods needs. */
const LIMITS = { horizon: 24 * 3600 * 1000, steps: 20_000_000 };
/** Syncs between two words about progress. */
const SLICE = 2_000;
/** Simulated time starts here unless the described cluster is newer. */
const EPOCH = '2026-01-01T00:00:00Z';

export interface PlanResult {
  readonly plan: Plan;
  /** The settled cluster, for get and describe. */
  readonly world: World;
  /** Revision of the cluster before the manifests were applied. */
  readonly before: number;
  /** Simulated time when they were, milliseconds since the epoch. */
  readonly appliedAt: number;
}

export function makePlan(input: PlanInput): PlanResult {
  const diagnostics: Diagnostic[] = [];
  const world = describedWorld(input, diagnostics);
  const settled = settle(world, 'settling the described cluster', input.onProgress);
  if (!settled.settled) diagnostics.push(unsettled(settled, 'The described cluster'));
  const before = world.store.revision;
  const startedAt = world.clock.now;
  const notedBefore = world.admission.length;

  if (input.user) world.server.actAs(input.user, new RbacAuthorizer(world.server.reader));
  const options = {
    defaultNamespace: input.defaultNamespace,
    kubernetesVersion: input.kubernetes.version,
    ...(input.replace ? { replace: () => void world.engine.run(LIMITS) } : {}),
  };
  const applied = input.apply
    ? applyWithFlags(world, input.manifests, input.apply, options)
    : applyManifests(world, input.manifests, options);
  diagnostics.push(...applied.diagnostics);
  const operated = operate(world, input.operation);
  diagnostics.push(...operated.diagnostics);
  const result = settle(world, 'settling what follows', input.onProgress);
  if (!result.settled) diagnostics.push(unsettled(result, 'The cluster'));

  const stored = storedObjects(world, input);
  diagnostics.push(
    ...danglingReferences(stored, world.server.reader, world.server.options.catalog),
    ...unreachablePorts(stored, world.server.reader),
    ...expressionWarnings(stored, world.server.reader),
    ...removedAgain(world, before, input.manifests, input.defaultNamespace),
  );
  const history = History.since(world.store, before);
  const timeline = timelineOf(history, startedAt);
  const context = {
    submitted: new Map([...applied.submitted, ...operated.submitted]),
    admitted: byObject(world.admitted),
    catalog: world.server.options.catalog,
    version: input.kubernetes.version,
  };
  const changes = withReplacements(changesOf(world.store, history, context), applied.replaced, timeline);
  const profiles = input.scheduler?.configuration.profiles.map(({ schedulerName }) => schedulerName);
  const unplaced = pendingPods(world.server.reader, profiles);
  const scheduler = input.scheduler ? { scheduler: input.scheduler.configuration } : {};
  const refusalOptions = { kubernetes: input.kubernetes, ...scheduler };
  const pending = input.parts.withRefusals?.(unplaced, world, refusalOptions) ?? unplaced;
  diagnostics.push(
    ...cycleStalls(world.engine.cycles, world.server.options.catalog),
    ...stallsOf(world.server.reader),
    ...heldDeletions(world.store),
    ...throttledWorkloads(world.server.reader, describedMetrics(input.cluster?.file?.spec ?? {}), stored),
  );
  const noted = world.admission.slice(notedBefore);
  diagnostics.push(
    ...policyProblems(noted, world.store, before),
    ...unknownWebhooks(webhooksOf(input.cluster?.file), world.server.reader),
  );
  const webhooks = webhookCalls(noted);
  const isStalled = diagnostics.some(({ code, severity }) => severity === 'error' && code.startsWith('Stalled'));
  const plan: Plan = {
    apiVersion: 'kubeplan.dev/v1',
    kind: 'Plan',
    formatVersion: FORMAT_VERSION,
    kubernetesVersion: input.kubernetes.version,
    hasChanges: changes.some(({ action }) => action !== 'no-op'),
    converged: settled.settled && result.settled && pending.length === 0 && !isStalled,
    summary: summarize(changes, pending.length, applied.refused + operated.refused),
    changes,
    placements: placementsOf(history),
    pending,
    evictions: evictionsOf(history, startedAt),
    rollouts: rolloutsOf(world.store, history, startedAt, pending),
    ...usagesOf(world.store, history),
    services: serviceEndpoints(world.server.reader, changes),
    events: eventsOf(history, startedAt),
    timeline,
    diagnostics,
    assumptions: assumptionsOf(
      world.server.reader,
      webhooks,
      [
        ...(input.cluster === undefined ? [BUILT_IN_ASSUMPTION] : []),
        ...(input.scheduler?.notes ?? []).map((note) => `KubeSchedulerConfiguration: ${note}.`),
      ],
      (input.cluster?.file?.spec ?? {}) as Described,
    ),
    ...(webhooks.length > 0 ? { webhooks } : {}),
    inputs: {
      manifests: digestOf(input.manifests),
      cluster: digestOf(input.cluster?.objects ?? [], input.cluster ? input.cluster.file : BUILT_IN_CLUSTER),
    },
    simulatedSeconds: Math.max(0, Math.round((world.engine.lastChange - startedAt) / 1000)),
  };
  return { plan, world, before, appliedAt: startedAt };
}

/** Runs the engine until the cluster is at rest, in slices so that somebody can be told. */
export function settle(world: World, what: string, onProgress?: (text: string) => void): RunResult {
  if (!onProgress) return world.engine.run(LIMITS);
  const start = world.clock.now;
  let steps = 0;
  for (;;) {
    const horizon = LIMITS.horizon - (world.clock.now - start);
    const result = world.engine.run({ horizon, steps: Math.min(SLICE, LIMITS.steps - steps) });
    steps += result.steps;
    if (result.reason !== 'steps' || steps >= LIMITS.steps) return { ...result, steps };
    onProgress(
      `${what}: ${steps} steps, second ${Math.round((world.clock.now - start) / 1000)}, ${world.store.count('pods')} pods`,
    );
  }
}

function byObject(changes: readonly AdmissionChange[]): ReadonlyMap<string, readonly AdmissionChange[]> {
  const found = new Map<string, AdmissionChange[]>();
  for (const change of changes) {
    const { namespace, name } = change;
    const key = submittedKey(change.resource, {
      metadata: { ...(namespace === undefined ? {} : { namespace }), name },
    });
    const others = found.get(key);
    if (others) others.push(change);
    else found.set(key, [change]);
  }
  return found;
}

/** The submitted objects as the API server holds them; refused ones are not there. */
export function storedObjects(
  { server }: World,
  { manifests, defaultNamespace }: Pick<PlanInput, 'manifests' | 'defaultNamespace'>,
): SubmittedObject[] {
  return inApplyOrder(manifests).flatMap((manifest) => {
    const resource = server.options.catalog.byKind(manifest.apiVersion, manifest.kind);
    const object = resource && server.find(resource, manifest.namespace ?? defaultNamespace, manifest.name);
    return object ? [{ manifest, object }] : [];
  });
}

/** The described cluster as it was written down, not yet settled. */
export function describedWorld(input: PlanInput, diagnostics: Diagnostic[]): World {
  const { kubernetes, parts, cluster } = input;
  const { version } = kubernetes;
  const file = cluster ? cluster.file : BUILT_IN_CLUSTER;
  const spec = file?.spec ?? {};
  const pod = parts.resources.find(({ kind, group }) => kind === 'Pod' && group === '');
  const files = staticPodsOf(spec, pod, version);
  diagnostics.push(...files.diagnostics);
  const world = new World({
    kubernetes,
    ...parts,
    described: {
      ...describedBehaviour(spec, files.pods),
      webhooks: webhooksOf(file),
      ...(input.scheduler ? { scheduler: input.scheduler.configuration } : {}),
    },
    startAt: startTime(cluster?.objects ?? [], spec.time),
  });
  diagnostics.push(...conditionProblems(webhooksOf(file)));
  if (file) diagnostics.push(...restoreObjects(world, objectsOf(file), version));
  if (cluster) diagnostics.push(...restoreManifests(world, cluster.objects, version, cluster));
  restoreBootstrap(world, version, spec.serviceCIDR);
  restoreMissing(world, input.policy ?? [], version);
  diagnostics.push(...contradictionsOf(world.server.reader, spec));
  const nodes = parts.resources.find(({ kind, group }) => kind === 'Node' && group === '');
  if (nodes && world.store.count(resourceNameOf(nodes)) === 0)
    diagnostics.push({
      severity: 'warning',
      code: 'NoNodes',
      message: 'the described cluster has no nodes: every pod will stay pending',
      nextStep: 'Add Node objects or spec.nodes to the cluster file.',
    });
  return world;
}

/** Whether the conditions of described webhooks can be read at all. */
function conditionProblems(webhooks: readonly DescribedWebhook[]): Diagnostic[] {
  return webhooks.flatMap((webhook, i) => {
    const message = conditionError(webhook);
    return message === undefined
      ? []
      : [{ severity: 'error' as const, code: 'InvalidClusterFile', message, field: `spec.webhooks[${i}].when` }];
  });
}

function unsettled(
  { reason, waiting }: { readonly reason: string; readonly waiting: readonly string[] },
  subject: string,
): Diagnostic {
  const what = reason === 'steps' ? `after ${LIMITS.steps} steps` : 'after a day of simulated time';
  const who = waiting.length > 0 ? `; still at work: ${waiting.join(', ')}` : '';
  return {
    severity: 'error',
    code: 'StalledNotSettled',
    message: `${subject} did not come to rest ${what}${who}`,
    nextStep: 'Look at `kubeplan events` for what repeats.',
  };
}

/** When the taints of a node were added. */
function taintTimes({ kind, spec }: Manifest['value']): readonly unknown[] {
  const { taints } = kind === 'Node' ? ((spec ?? {}) as { readonly taints?: unknown }) : {};
  return Array.isArray(taints) ? taints.map((taint: { readonly timeAdded?: unknown } | null) => taint?.timeAdded) : [];
}

/** Simulated time begins when the newest time in the description has passed. */
function startTime(objects: readonly Manifest[], described = EPOCH): number {
  let newest = Math.max(mustParseTime(EPOCH), parseTime(described) ?? 0);
  for (const { value } of objects) {
    const { creationTimestamp } = (value['metadata'] ?? {}) as { readonly creationTimestamp?: unknown };
    for (const text of [creationTimestamp, ...taintTimes(value)]) {
      const time = typeof text === 'string' ? parseTime(text) : undefined;
      if (time !== undefined) newest = Math.max(newest, time + 1000);
    }
  }
  return newest;
}
