// How each workload gets from its old pods to its new ones: wave by wave, with the ready pods against those wanted.
import type { Rollout, RolloutStep } from '../../../planner/changes/plan.ts';
import { addressOf } from '../../tree.ts';
import { matches } from '../filter.ts';
import { type Line, lazyLine, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf } from '../plan-index.ts';

const BAR = 20;

export function rolloutLines({ plan, filter, folded }: PaneInput): Line[] {
  return plan.rollouts
    .filter(({ object, complete, stalledOn = '' }) => {
      const entry = entryOf(plan, object, complete ? 'complete' : `stalls ${stalledOn}`);
      return matches(filter, { ...entry, isProblem: entry.isProblem || !complete });
    })
    .flatMap((rollout) => linesOf(rollout, folded));
}

function linesOf(rollout: Rollout, folded: ReadonlySet<string>): Line[] {
  const { object, steps, wanted, readyAtLeast, unavailableAtMost, complete, stalledOn } = rollout;
  const address = addressOf(object);
  const id = `rollout ${address}`;
  const isFolded = folded.has(id);
  const short = unavailableAtMost > 0 ? `, ${unavailableAtMost} too few at worst` : '';
  const head: Line = {
    id,
    wraps: true,
    folds: id,
    opens: address,
    pieces: [
      piece(isFolded ? '▸ ' : '▾ ', { dim: true }),
      piece(address, { bold: true }),
      piece(`  ${steps.length} ${steps.length === 1 ? 'wave' : 'waves'} to ${wanted} pods`),
      piece(`, at least ${readyAtLeast} ready${short}`, unavailableAtMost > 0 ? { color: 'yellow' } : { dim: true }),
      ...(complete ? [] : [piece('  stalls', { color: 'red', bold: true })]),
    ],
  };
  if (isFolded) return [head];
  const most = steps.reduce((max, step) => Math.max(max, step.old + step.new, step.ready), wanted);
  return [
    head,
    ...steps.map((step, index) =>
      lazyLine({ id: `${id} ${index}`, at: step.at }, () => [
        piece(`${step.at}s `.padStart(10), { bold: true }),
        piece(`old ${String(step.old).padStart(3)}  new ${String(step.new).padStart(3)}  `),
        piece(barOf(step, most), { color: step.ready < wanted ? 'yellow' : 'green' }),
        piece(`  ${step.ready} of ${wanted} ready`, { dim: true }),
      ]),
    ),
    ...(complete
      ? []
      : [
          {
            id: `${id} stall`,
            wraps: true,
            opens: address,
            pieces: [piece(`        stalls${stalledOn ? ` on ${stalledOn}` : ''}`, { color: 'red' as const })],
          },
        ]),
  ];
}

/** Ready pods, and those that are there and not ready. */
function barOf({ old, new: fresh, ready }: RolloutStep, most: number): string {
  const cells = (count: number): number => Math.min(BAR, Math.round((count / Math.max(1, most)) * BAR));
  const [filled, all] = [cells(ready), Math.max(cells(ready), cells(old + fresh))];
  return `${'█'.repeat(filled)}${'▒'.repeat(all - filled)}${'░'.repeat(BAR - all)}`;
}
