// The described cluster, or the built-in one, as a world that has not settled yet.
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import { formatTime, mustParseTime, parseTime } from '../apimachinery/time/time.ts';
import { conditionError, type DescribedWebhook } from '../apiserver/admission/webhook/described-webhook.ts';
import { resourceNameOf } from '../apiserver/resource.ts';
import type { Manifest } from '../manifests/manifest.ts';
import { BUILT_IN_CLUSTER, webhooksOf } from './inventory/cluster-file.ts';
import { contradictionsOf } from './inventory/contradictions.ts';
import { describedBehaviour, staticPodsOf } from './inventory/described-behaviour.ts';
import {
  restoreBootstrap,
  restoreManifests,
  restoreMissing,
  restoreNamespaces,
  restoreObjects,
} from './inventory/load-inventory.ts';
import { freeBlocks } from './inventory/pod-network.ts';
import { objectsOf } from './inventory/short-form.ts';
import type { PlanInput } from './plan-input.ts';
import { World } from './world.ts';

/** Simulated time starts here unless the described cluster is newer. */
const EPOCH = '2026-01-01T00:00:00Z';

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
  if (file) {
    const nodes = (cluster?.objects ?? []).filter(({ kind }) => kind === 'Node');
    const blocks = freeBlocks(kubernetes.flags, [...(spec.objects ?? []), ...nodes.map(({ value }) => value)]);
    const objects = objectsOf(file, { now: formatTime(world.clock.now), blocks });
    diagnostics.push(...restoreObjects(world, objects, version));
  }
  if (cluster) diagnostics.push(...restoreManifests(world, cluster.objects, version, cluster));
  restoreBootstrap(world, version, spec.serviceCIDR);
  restoreMissing(world, input.policy ?? [], version);
  diagnostics.push(...restoreNamespaces(world, version));
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

/** When the taints of a node were added. */
function taintTimes({ kind, spec }: Manifest['value']): readonly unknown[] {
  const { taints } = kind === 'Node' ? ((spec ?? {}) as { readonly taints?: unknown }) : {};
  return Array.isArray(taints) ? taints.map((taint: { readonly timeAdded?: unknown } | null) => taint?.timeAdded) : [];
}
