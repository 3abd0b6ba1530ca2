// The tree of changes: what was asked for, what it owns below it, then what follows besides.
import type { PlanChange } from '../../../planner/changes/plan.ts';
import { ACTIONS } from '../../actions.ts';
import type { ChangeNode } from '../../tree.ts';
import { isEmpty, matches } from '../filter.ts';
import { type Line, lazyLine, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { indexOf, type PlanIndex } from '../plan-index.ts';

export function changeLines({ plan, filter, folded }: PaneInput): Line[] {
  const index = indexOf(plan);
  const all = isEmpty(filter);
  const lines: Line[] = [];
  /** Owners of what matches stay, so that the tree keeps its meaning. */
  const walk = ({ change, address, children }: ChangeNode, depth: number): void => {
    const isFolded = all && folded.has(address);
    const before = lines.length;
    const mark = children.length === 0 ? ' ' : isFolded ? '▸' : '▾';
    lines.push(changeLine(change, address, depth, mark, index));
    if (!isFolded) for (const child of children) walk(child, depth + 1);
    if (!all && lines.length === before + 1 && !matches(filter, index.entries.get(change)!)) lines.pop();
  };
  const section = (title: string, nodesOf: readonly ChangeNode[]): void => {
    const before = lines.length;
    lines.push({ id: title, pieces: [piece(title, { bold: true })] });
    for (const node of nodesOf) walk(node, 0);
    if (lines.length === before + 1) lines.pop();
  };
  section('Submitted', index.forest.submitted);
  section('In consequence', index.forest.derived);
  return lines;
}

function changeLine(change: PlanChange, address: string, depth: number, mark: string, index: PlanIndex): Line {
  return lazyLine({ id: address, opens: address, ...(mark === ' ' ? {} : { folds: address }) }, () => {
    const node = change.object.kind === 'Pod' ? index.nodes.get(address) : undefined;
    const { symbol, color } = ACTIONS[change.action];
    const count = change.fields.length;
    return [
      piece(`${'  '.repeat(depth)}${mark} `, { dim: true }),
      piece(`${symbol} `, { color }),
      piece(address),
      ...(node ? [piece(` on ${node}`, { color: 'cyan' })] : []),
      ...(index.problems.has(address) ? [piece(' !', { color: 'red', bold: true })] : []),
      ...(count > 0 && change.action === 'update'
        ? [piece(` ${count} ${count === 1 ? 'field' : 'fields'}`, { dim: true })]
        : []),
    ];
  });
}
