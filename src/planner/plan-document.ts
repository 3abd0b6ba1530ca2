// The document of a plan: the world before the manifests were applied against the world once it has settled.
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import type { AdmissionChange } from '../apiserver/admission/chain/admission-record.ts';
import type { Applied } from './apply/apply-manifests.ts';
import { inApplyOrder } from './apply/order.ts';
import { type NotedAdmission, policyProblems, unknownWebhooks, webhookCalls } from './changes/admission.ts';
import { assumptionsOf, type Described } from './changes/assumptions.ts';
import { changesOf, submittedKey } from './changes/changes.ts';
import { eventsOf } from './changes/cluster/events.ts';
import { serviceEndpoints } from './changes/cluster/services.ts';
import { usagesOf } from './changes/cluster/usage.ts';
import { digestOf } from './changes/digests.ts';
import { expressionWarnings } from './changes/expression-warnings.ts';
import { History } from './changes/history.ts';
import { FORMAT_VERSION, type PendingPod, type Plan } from './changes/plan.ts';
import { evictionsOf } from './changes/pods/evictions.ts';
import { pendingPods, placementsOf } from './changes/pods/placements.ts';
import { withReplacements } from './changes/pods/replacements.ts';
import { rolloutsOf } from './changes/pods/rollouts.ts';
import { timelineOf } from './changes/pods/timeline.ts';
import { cycleStalls } from './changes/stalls/cycle-stalls.ts';
import { heldDeletions } from './changes/stalls/held-deletions.ts';
import { stallsOf } from './changes/stalls/stalls.ts';
import { throttledWorkloads } from './changes/stalls/throttled.ts';
import { summarize } from './changes/summary.ts';
import { BUILT_IN_ASSUMPTION, BUILT_IN_CLUSTER, webhooksOf } from './inventory/cluster-file.ts';
import { describedMetrics } from './inventory/described-behaviour.ts';
import type { Operated } from './operation.ts';
import type { PlanInput } from './plan-input.ts';
import { danglingReferences, type SubmittedObject } from './references/dangling.ts';
import { removedAgain } from './references/removed-again.ts';
import { unreachablePorts } from './references/unreachable-ports.ts';
import type { World } from './world.ts';

/** What happened in a world between the described cluster's rest and its next one. */
interface Course {
  /** Revision of the cluster before the manifests were applied. */
  readonly before: number;
  /** Simulated time when they were. */
  readonly startedAt: number;
  readonly applied: Applied;
  readonly operated: Operated;
  /** What policies and webhooks made of the requests since. */
  readonly noted: readonly NotedAdmission[];
  /** Whether the cluster came to rest, before and after. */
  readonly isSettled: boolean;
  /** What was found on the way. */
  readonly diagnostics: readonly Diagnostic[];
}

export function planDocument(input: PlanInput, world: World, course: Course): Plan {
  const { before, startedAt, applied, operated, noted, isSettled } = course;
  const { store } = world;
  const { reader, options } = world.server;
  const history = History.since(store, before);
  const timeline = timelineOf(history, startedAt);
  const context = {
    submitted: new Map([...applied.submitted, ...operated.submitted]),
    admitted: byObject(world.admitted),
    catalog: options.catalog,
    version: input.kubernetes.version,
  };
  const changes = withReplacements(changesOf(store, history, context), applied.replaced, timeline);
  const pending = pendingWithRefusals(input, world);
  const diagnostics = [...course.diagnostics, ...findings(input, world, course)];
  const isStalled = diagnostics.some(({ code, severity }) => severity === 'error' && code.startsWith('Stalled'));
  const webhooks = webhookCalls(noted);
  return {
    apiVersion: 'kubeplan.dev/v1',
    kind: 'Plan',
    formatVersion: FORMAT_VERSION,
    kubernetesVersion: input.kubernetes.version,
    hasChanges: changes.some(({ action }) => action !== 'no-op'),
    converged: isSettled && pending.length === 0 && !isStalled,
    summary: summarize(changes, pending.length, applied.refused + operated.refused),
    changes,
    placements: placementsOf(history),
    pending,
    evictions: evictionsOf(history, startedAt),
    rollouts: rolloutsOf(store, history, startedAt, pending),
    ...usagesOf(store, history),
    services: serviceEndpoints(reader, changes),
    events: eventsOf(history, startedAt),
    timeline,
    diagnostics,
    assumptions: assumptionsOf(
      reader,
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
}

/** What is wrong with the cluster as it is now. */
function findings(input: PlanInput, world: World, { before, noted }: Course): readonly Diagnostic[] {
  const { store, engine } = world;
  const { reader, options } = world.server;
  const stored = storedObjects(world, input);
  return [
    ...danglingReferences(stored, reader, options.catalog),
    ...unreachablePorts(stored, reader),
    ...expressionWarnings(stored, reader),
    ...removedAgain(world, before, input.manifests, input.defaultNamespace),
    ...cycleStalls(engine.cycles, options.catalog),
    ...stallsOf(reader),
    ...heldDeletions(store),
    ...throttledWorkloads(reader, describedMetrics(input.cluster?.file?.spec ?? {}), stored),
    ...policyProblems(noted, store, before),
    ...unknownWebhooks(webhooksOf(input.cluster?.file), reader),
  ];
}

function pendingWithRefusals(input: PlanInput, world: World): readonly PendingPod[] {
  const { scheduler, kubernetes, parts } = input;
  const profiles = scheduler?.configuration.profiles.map(({ schedulerName }) => schedulerName);
  const pending = pendingPods(world.server.reader, profiles);
  const options = { kubernetes, ...(scheduler ? { scheduler: scheduler.configuration } : {}) };
  return parts.withRefusals?.(pending, world, options) ?? pending;
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
