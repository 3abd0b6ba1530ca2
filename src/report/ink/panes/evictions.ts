// Pods that have to go although nobody asked for that: when, from where, why, and who takes their place.
import { addressOf } from '../../tree.ts';
import { matches } from '../filter.ts';
import { type Line, lazyLine, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf } from '../plan-index.ts';

export function evictionLines({ plan, filter }: PaneInput): Line[] {
  return plan.evictions.flatMap(({ pod, node = '', at, reason, message, preemptor }, index): Line[] => {
    const object = { kind: 'Pod', ...pod };
    const address = addressOf(object);
    const taker = preemptor && addressOf({ kind: 'Pod', ...preemptor });
    const entry = entryOf(plan, object, `${reason} ${message} ${node} ${taker ?? ''}`);
    if (!matches(filter, { ...entry, node, isProblem: true })) return [];
    const why = taker ? `preempted by ${taker}` : `${reason}: ${message}`;
    return [
      lazyLine({ id: `eviction ${index}`, opens: address, at }, () => [
        piece(`${at}s `.padStart(8), { bold: true }),
        piece('- ', { color: 'red' }),
        piece(address),
        ...(node ? [piece(` from ${node}`, { color: 'cyan' })] : []),
        piece(`  ${why}`, { color: 'yellow' }),
      ]),
      // The pod that comes is a line of its own, so that it can be opened, too.
      ...(taker
        ? [
            {
              id: `taker ${index}`,
              opens: taker,
              at,
              pieces: [piece(`        + ${taker}`, { color: 'green' as const })],
            },
          ]
        : []),
    ];
  });
}
