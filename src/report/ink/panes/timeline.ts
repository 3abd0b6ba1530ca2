// Events in the order of simulated time; the second stands at the first event of each.
import { addressOf } from '../../tree.ts';
import { isEmpty, matches } from '../filter.ts';
import { type Line, lazyLine, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf, indexOf } from '../plan-index.ts';

export function timelineLines({ plan, filter }: PaneInput): Line[] {
  const all = isEmpty(filter);
  const lines: Line[] = [];
  let second = -1;
  for (const { at, type, reason, object, message, count } of indexOf(plan).timeline) {
    if (!all && !matches(filter, entryOf(plan, object, `${type} ${reason} ${message}`))) continue;
    const isNew = at !== second;
    second = at;
    const address = addressOf(object);
    lines.push(
      lazyLine({ id: `event ${lines.length}`, opens: address, at }, () => [
        piece(`${isNew ? `${at}s` : ''} `.padStart(8), { bold: true }),
        piece(`${reason} `, type === 'Warning' ? { color: 'yellow' } : {}),
        piece(`${address} `, { color: 'cyan' }),
        piece(message),
        ...(count > 1 ? [piece(` ×${count}`, { dim: true })] : []),
      ]),
    );
  }
  return lines;
}
