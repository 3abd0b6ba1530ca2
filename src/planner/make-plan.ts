// The main job: a described cluster and manifests in, a plan out. Settles the cluster, applies the manifests in it, lets it settle
// again, and compares. Everything in simulated time; nothing here reads files or the clock.
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import { RbacAuthorizer } from '../apiserver/authorization/rbac/rbac-authorizer.ts';
import { applyManifests } from './apply/apply-manifests.ts';
import { applyWithFlags } from './apply/apply-with-flags.ts';
import type { Plan } from './changes/plan.ts';
import { describedWorld } from './described-world.ts';
import { operate } from './operation.ts';
import { planDocument } from './plan-document.ts';
import type { PlanInput } from './plan-input.ts';
import { LIMITS, settle, unsettled } from './settle.ts';
import type { World } from './world.ts';

interface PlanResult {
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

  const noted = world.admission.slice(notedBefore);
  const isSettled = settled.settled && result.settled;
  const plan = planDocument(input, world, { before, startedAt, applied, operated, noted, isSettled, diagnostics });
  return { plan, world, before, appliedAt: startedAt };
}
