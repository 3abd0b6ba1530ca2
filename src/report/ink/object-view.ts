// One object: why it changes, what is wrong with it, which fields change and who decided, and the difference in colour.
import type { Plan, PlanChange } from '../../planner/changes/plan.ts';
import { ACTIONS } from '../actions.ts';
import { documentsOf } from '../diff/documents.ts';
import { CONTEXT, hunksOf } from '../diff/unified.ts';
import { addressOf } from '../tree.ts';
import { originText, shownValue } from '../value.ts';
import { type Line, type Piece, piece } from './line.ts';
import { indexOf } from './plan-index.ts';

/** `isWhole` shows also the lines that stay as they are, and status. */
export function objectLines(address: string, plan: Plan, isWhole: boolean): Line[] {
  const { changes, problems, nodes, timeline } = indexOf(plan);
  const change = changes.get(address);
  const texts = (problems.get(address) ?? []).map((text, index) => ({
    id: `problem ${index}`,
    wraps: true,
    pieces: [piece('! ', { color: 'red', bold: true }), piece(text)],
  }));
  const events = timeline
    .filter(({ object }) => addressOf(object) === address)
    .map(({ at, reason, message, count }, index) => ({
      id: `event ${index}`,
      at,
      wraps: true,
      pieces: [
        piece(`${at}s `.padStart(8), { bold: true }),
        piece(`${reason} `, { color: 'cyan' as const }),
        piece(`${message}${count > 1 ? ` ×${count}` : ''}`),
      ],
    }));
  if (!change) {
    const unchanged = {
      id: 'unchanged',
      wraps: true,
      pieces: [piece(`${address} does not change in this plan.`, { dim: true })],
    };
    return [unchanged, ...texts, ...section('Events', events)];
  }
  const { symbol, color, legend } = ACTIONS[change.action];
  const node = nodes.get(address);
  return [
    {
      id: 'head',
      pieces: [
        piece(`${symbol} `, { color }),
        piece(address, { bold: true }),
        piece(`  ${legend}, ${change.origin}`, { dim: true }),
        ...(node ? [piece(` on ${node}`, { color: 'cyan' as const })] : []),
      ],
    },
    ...change.because.map((cause, index) => ({
      id: `because ${index}`,
      ...(changes.has(cause) ? { opens: cause } : {}),
      pieces: [piece(`${'  '.repeat(index)}because of `, { dim: true }), piece(cause)],
    })),
    ...texts,
    ...section('Events', events),
    ...(change.action === 'update' ? section('Fields', fieldLines(change)) : []),
    ...section('Difference', differenceLines(change, isWhole)),
  ];
}

function section(title: string, lines: readonly Line[]): readonly Line[] {
  if (lines.length === 0) return [];
  return [
    { id: `gap ${title}`, pieces: [piece('')] },
    { id: `title ${title}`, pieces: [piece(title, { bold: true })] },
    ...lines,
  ];
}

function fieldLines(change: PlanChange): Line[] {
  return change.fields.flatMap((field, index) => {
    const before = shownValue(change, field.path, field.before);
    const after = shownValue(change, field.path, field.after);
    return [
      {
        id: `field ${index}`,
        wraps: true,
        pieces: [piece(field.path, { bold: true }), piece(`  ${originText(field)}`, { dim: true })],
      },
      ...(field.before === undefined
        ? []
        : [{ id: `before ${index}`, wraps: true, pieces: [piece(`  - ${before}`, { color: 'red' as const })] }]),
      ...(field.after === undefined
        ? []
        : [{ id: `after ${index}`, wraps: true, pieces: [piece(`  + ${after}`, { color: 'green' as const })] }]),
    ];
  });
}

const SIGN_COLOR: Readonly<Record<string, Piece['color']>> = { '+': 'green', '-': 'red' };

function differenceLines(change: PlanChange, isWhole: boolean): Line[] {
  const documents = documentsOf(change, isWhole);
  const hunks = hunksOf(documents, isWhole ? Number.MAX_SAFE_INTEGER : CONTEXT);
  return hunks.flatMap(({ head, lines }, hunk) => [
    ...(isWhole || hunks.length === 1
      ? []
      : [{ id: `hunk ${hunk}`, pieces: [piece(head, { color: 'cyan' as const })] }]),
    ...lines.map((line, index) => {
      const color = SIGN_COLOR[line.slice(0, 1)];
      return { id: `line ${hunk} ${index}`, pieces: [piece(line, color ? { color } : { dim: true })] };
    }),
  ]);
}
