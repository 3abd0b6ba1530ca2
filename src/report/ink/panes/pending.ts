// Pods that wait, each kind with a matrix: nodes against the plugins that refuse it.
import type { NodeRefusal, PendingPod } from '../../../planner/changes/plan.ts';
import { addressOf } from '../../tree.ts';
import { matches } from '../filter.ts';
import { type Line, type Piece, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf } from '../plan-index.ts';

const WIDEST_NODES = 28;
const GAP = '  ';

interface PendingKind {
  readonly pods: PendingPod[];
  readonly first: PendingPod;
}

export function pendingLines({ plan, filter, folded }: PaneInput): Line[] {
  const kinds = new Map<string, PendingKind>();
  for (const pending of plan.pending) {
    const { pod, reason, message, refusals = [] } = pending;
    const nodes = refusals.flatMap(({ nodes }) => nodes).join(' ');
    const words = `pending ${reason} ${message} ${nodes}`;
    if (!matches(filter, { ...entryOf(plan, { kind: 'Pod', ...pod }, words), isProblem: true })) continue;
    const key = JSON.stringify([reason, message, refusals]);
    const kind = kinds.get(key);
    if (kind) kind.pods.push(pending);
    else kinds.set(key, { pods: [pending], first: pending });
  }
  return [...kinds.values()].flatMap((kind) => kindLines(kind, folded));
}

function kindLines({ pods, first }: PendingKind, folded: ReadonlySet<string>): Line[] {
  const name = `${first.pod.namespace}/${first.pod.name}`;
  const id = `pending ${name}`;
  const isFolded = folded.has(id);
  const more = pods.length > 1 ? ` and ${pods.length - 1} more` : '';
  const head: Line = {
    id,
    wraps: true,
    folds: id,
    opens: addressOf({ kind: 'Pod', ...first.pod }),
    pieces: [
      piece(isFolded ? '▸ ' : '▾ ', { dim: true }),
      piece(`${name}${more} `, { bold: true }),
      piece(`${first.reason}: ${first.message}`, { color: 'red' }),
    ],
  };
  return isFolded ? [head] : [head, ...matrixLines(id, first.refusals ?? [])];
}

function matrixLines(id: string, refusals: readonly NodeRefusal[]): Line[] {
  if (refusals.length === 0) return [];
  const plugins = [...new Set(refusals.flatMap(({ by }) => by.map(({ plugin }) => plugin)))];
  const names = refusals.map(({ nodes }) => namesOf(nodes));
  const widest = Math.max('nodes'.length, ...names.map((name) => name.length));
  return [
    {
      id: `${id} plugins`,
      pieces: [
        piece(`    ${'nodes'.padEnd(widest)}${plugins.map((plugin) => `${GAP}${plugin}`).join('')}`, { dim: true }),
      ],
    },
    ...refusals.map(({ by }, row): Line => {
      const reasons = by.flatMap((refusal) => refusal.reasons).join(', ');
      return {
        id: `${id} row ${row}`,
        pieces: [
          piece(`    ${names[row]!.padEnd(widest)}`),
          ...plugins.map((plugin) => cell(plugin, by)),
          piece(`${GAP}${reasons}`, { dim: true }),
        ],
      };
    }),
  ];
}

function cell(plugin: string, by: NodeRefusal['by']): Piece {
  const refuses = by.some((refusal) => refusal.plugin === plugin);
  const mark = (refuses ? '✗' : '·').padStart(Math.ceil(plugin.length / 2)).padEnd(plugin.length);
  return piece(`${GAP}${mark}`, refuses ? { color: 'red' } : { dim: true });
}

/** `node-1`, or how many where the names would not fit. */
function namesOf(nodes: readonly string[]): string {
  const all = nodes.join(', ');
  if (all.length <= WIDEST_NODES) return all;
  return `${nodes[0]} and ${nodes.length - 1} more`.slice(0, WIDEST_NODES + 12);
}
