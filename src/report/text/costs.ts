// The parts of the text that tell what a plan costs on its way: drift, waves of rollouts, evictions, room on nodes and in quotas.
import type { Plan, PlanChange, Rollout, Usage } from '../../planner/changes/plan.ts';
import { someOf } from '../places.ts';
import { addressOf } from '../tree.ts';
import { shownValue } from '../value.ts';
import type { Paint } from './diagnostics.ts';

/** Waves, nodes and evicted pods listed unless --full. */
const MOST = 8;

/** What somebody changed in the cluster since the manifests were applied last. */
export function driftSection({ changes }: Plan, paint: Paint): string[] {
  const drifted = changes.filter(({ drift }) => drift !== undefined);
  if (drifted.length === 0) return [];
  return [
    paint('bold', 'Changed in the cluster since the last apply'),
    ...drifted.flatMap((change) => [
      `  ${addressOf(change.object)}`,
      ...change.drift!.map(({ path, lastApplied, live, desired, by }) => {
        const value = (each: unknown): string => shownValue(change, path, each);
        return `      ${path}: applied ${value(lastApplied)}, now ${value(live)}, wanted ${value(desired)}${by ? paint('dim', `  (${by})`) : ''}`;
      }),
    ]),
  ];
}

/** Why an object is deleted and created anew, and what that costs. */
export function replacementLines({ replacement }: PlanChange, indent: string, paint: Paint): string[] {
  if (!replacement) return [];
  const { because, podsDeleted, readyBefore, readyAtLeast } = replacement;
  const pods = podsDeleted === 1 ? '1 pod is deleted' : `${podsDeleted} pods are deleted`;
  const ready = readyBefore > 0 ? `, ${readyAtLeast} of ${readyBefore} ready at the least meanwhile` : '';
  return [
    ...because.map((reason) => `${indent}${paint('red', '# must be replaced:')} ${reason}`),
    `${indent}# costs: ${pods}${ready}`,
  ];
}

export function rolloutSection({ rollouts }: Plan, full: boolean, paint: Paint): string[] {
  if (rollouts.length === 0) return [];
  const shown = full ? rollouts : rollouts.slice(0, MOST);
  const rest = rollouts.length - shown.length;
  return [
    paint('bold', 'Rollouts'),
    ...shown.flatMap((rollout) => rolloutLines(rollout, full, paint)),
    ...(rest > 0 ? [paint('dim', `  (${rest} more, --full shows them)`)] : []),
  ];
}

function rolloutLines(rollout: Rollout, full: boolean, paint: Paint): string[] {
  const { object, steps, wanted, readyAtLeast, unavailableAtMost, complete, stalledOn } = rollout;
  const waves = steps.map(({ old, new: fresh }) => `${old}+${fresh}`);
  const some =
    full || waves.length <= MOST
      ? waves
      : [...waves.slice(0, MOST / 2), '…', ...waves.slice(waves.length - MOST / 2 + 1)];
  const short = unavailableAtMost > 0 ? `, ${unavailableAtMost} too few at worst` : '';
  const end = complete ? '' : paint('red', `  stalls${stalledOn ? ` on ${stalledOn}` : ''}`);
  return [
    `  ${addressOf(object)}  ${some.join(' > ')} of ${wanted} pods (old+new); at least ${readyAtLeast} ready${short}`,
    ...(end ? [`      ${end.trim()}`] : []),
  ];
}

export function evictionSection({ evictions }: Plan, full: boolean, paint: Paint): string[] {
  if (evictions.length === 0) return [];
  const shown = full ? evictions : evictions.slice(0, MOST);
  const rest = evictions.length - shown.length;
  return [
    paint(['bold', 'red'], 'Evicted'),
    ...shown.map(({ pod, node, reason, message, preemptor }) => {
      const why = preemptor ? `preempted by ${addressOf({ kind: 'Pod', ...preemptor })}` : `${reason}: ${message}`;
      return `  ${addressOf({ kind: 'Pod', ...pod })}${node ? ` from ${node}` : ''}: ${why}`;
    }),
    ...(rest > 0 ? [paint('dim', `  (${rest} more, --full shows them)`)] : []),
  ];
}

/** Nodes and quotas whose use changes; the fullest first. */
export function roomSection({ nodes, quotas }: Plan, full: boolean, paint: Paint): string[] {
  const rows = [
    ...nodes.map(({ node, usage }) => ({ name: `Node ${node}`, usage: usage.filter(isChanged) })),
    ...quotas.map(({ quota, usage }) => ({
      name: addressOf({ kind: 'ResourceQuota', ...quota }),
      usage: usage.filter(isChanged),
    })),
  ].filter(({ usage }) => usage.length > 0);
  if (rows.length === 0) return [];
  const sorted = [...rows].sort((a, b) => fullest(b.usage) - fullest(a.usage) || (a.name < b.name ? -1 : 1));
  const shown = full ? sorted : sorted.slice(0, MOST);
  const rest = sorted.length - shown.length;
  return [
    paint('bold', 'Room'),
    ...shown.map(
      ({ name, usage }) =>
        `  ${name}  ${someOf(
          usage.map((each) => usageText(each, paint)),
          full ? 99 : 4,
        )}`,
    ),
    ...(rest > 0 ? [paint('dim', `  (${rest} less full, --full shows them)`)] : []),
  ];
}

function isChanged({ before, after }: Usage): boolean {
  return before !== after;
}

function fullest(usage: readonly Usage[]): number {
  return usage.reduce((most, { percentAfter = 0 }) => Math.max(most, percentAfter), 0);
}

function usageText({ resource, before, after, limit, percentAfter }: Usage, paint: Paint): string {
  if (limit === undefined || percentAfter === undefined) return `${resource} ${before} -> ${after}`;
  const share = `${percentAfter}%`;
  return `${resource} ${before} -> ${after} of ${limit} (${percentAfter >= 90 ? paint('yellow', share) : share})`;
}
