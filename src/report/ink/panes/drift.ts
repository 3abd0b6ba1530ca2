// What somebody changed in the cluster since the manifests were applied last: the value applied then, the one now, the one wanted.
import { addressOf } from '../../tree.ts';
import { shownValue } from '../../value.ts';
import { matches } from '../filter.ts';
import { type Line, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf, indexOf } from '../plan-index.ts';

export function driftLines({ plan, filter, folded }: PaneInput): Line[] {
  return indexOf(plan).drifted.flatMap((change): Line[] => {
    const { object, drift = [] } = change;
    const words = drift.map(({ path, by = '' }) => `${path} ${by}`).join(' ');
    if (!matches(filter, entryOf(plan, object, words))) return [];
    const address = addressOf(object);
    const id = `drift ${address}`;
    const isFolded = folded.has(id);
    const head: Line = {
      id,
      folds: id,
      opens: address,
      pieces: [
        piece(isFolded ? '▸ ' : '▾ ', { dim: true }),
        piece(address, { bold: true }),
        piece(` ${drift.length} ${drift.length === 1 ? 'field' : 'fields'} changed since the last apply`, {
          dim: true,
        }),
      ],
    };
    if (isFolded) return [head];
    return [
      head,
      ...drift.flatMap(({ path, lastApplied, live, desired, by }, index): Line[] => {
        const value = (each: unknown): string => shownValue(change, path, each);
        const of = (name: string, text: string, color: 'gray' | 'red' | 'green'): Line => ({
          id: `${id} ${index} ${name}`,
          wraps: true,
          pieces: [piece(`        ${name.padEnd(8)}`, { dim: true }), piece(text, { color })],
        });
        return [
          {
            id: `${id} ${index}`,
            wraps: true,
            opens: address,
            pieces: [piece(`    ${path}`), ...(by ? [piece(`  ${by}`, { dim: true })] : [])],
          },
          of('applied', value(lastApplied), 'gray'),
          of('now', value(live), 'red'),
          of('wanted', value(desired), 'green'),
        ];
      }),
    ];
  });
}
