// Events in the order of simulated time; above those of one second, the cluster at that moment: `[` and `]` slide along.
import { addressOf } from '../../tree.ts';
import { isEmpty, matches } from '../filter.ts';
import { type Line, lazyLine, piece } from '../line.ts';
import { momentText } from '../moments.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf, indexOf } from '../plan-index.ts';

export function timelineLines({ plan, filter }: PaneInput): Line[] {
  const all = isEmpty(filter);
  const { moments } = indexOf(plan);
  const lines: Line[] = [];
  let second = -1;
  for (const { at, type, reason, object, message, count } of indexOf(plan).timeline) {
    if (!all && !matches(filter, entryOf(plan, object, `${type} ${reason} ${message}`))) continue;
    const isNew = at !== second;
    second = at;
    const address = addressOf(object);
    if (isNew && moments.size > 0)
      lines.push(
        lazyLine({ id: `second ${at}`, at }, () => [
          piece(`${at}s `.padStart(8), { bold: true }),
          piece(slider(at, plan.simulatedSeconds), { color: 'cyan' }),
          piece(` pods: ${momentText(moments, at)}`, { bold: true }),
        ]),
      );
    lines.push(
      lazyLine({ id: `event ${lines.length}`, opens: address, at }, () => [
        piece(`${isNew && moments.size === 0 ? `${at}s` : ''} `.padStart(8), { bold: true }),
        piece(`${reason} `, type === 'Warning' ? { color: 'yellow' } : {}),
        piece(`${address} `, { color: 'cyan' }),
        piece(message),
        ...(count > 1 ? [piece(` ×${count}`, { dim: true })] : []),
      ]),
    );
  }
  return lines;
}

const SLIDER = 10;

function slider(at: number, end: number): string {
  const place = end === 0 ? SLIDER - 1 : Math.min(SLIDER - 1, Math.floor((at / end) * (SLIDER - 1)));
  return `${'─'.repeat(place)}●${'─'.repeat(SLIDER - 1 - place)}`;
}
