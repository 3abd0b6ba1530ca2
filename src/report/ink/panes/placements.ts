// Nodes against workloads: how many new pods of which workload each node gets, with a bar of what is requested of the node: █ before, ▒ by the plan.
import type { NodeUsage, Usage } from '../../../planner/changes/plan.ts';
import { addressOf } from '../../tree.ts';
import { isEmpty, matches } from '../filter.ts';
import { type Line, lazyLine, type Piece, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf, indexOf } from '../plan-index.ts';

const BAR = 16;
/** Workloads with a column of their own; the rest share one. */
const MOST_COLUMNS = 6;
const WIDEST_COLUMN = 16;
const REST = 'others';

interface PlacedPod {
  readonly name: string;
  readonly workload: string;
}

export function placementLines({ plan, filter, folded }: PaneInput): Line[] {
  const { workloads } = indexOf(plan);
  const all = isEmpty(filter);
  const byNode = new Map<string, PlacedPod[]>();
  for (const { pod, node } of plan.placements) {
    if (!all && !matches(filter, { ...entryOf(plan, { kind: 'Pod', ...pod }, node), node })) continue;
    const placed = {
      name: `${pod.namespace}/${pod.name}`,
      workload: workloads.get(addressOf({ kind: 'Pod', ...pod })) ?? `${pod.namespace}/${pod.name}`,
    };
    const pods = byNode.get(node);
    if (pods) pods.push(placed);
    else byNode.set(node, [placed]);
  }
  const usage = new Map(plan.nodes.map((each) => [each.node, each] as const));
  // In a small cluster the document tells of every node: one that gets nothing is worth a row, too.
  if (all) for (const node of usage.keys()) if (!byNode.has(node)) byNode.set(node, []);
  if (byNode.size === 0) return [];
  const rows = [...byNode].sort(([a], [b]) => (a < b ? -1 : 1));
  const columns = columnsOf(rows.flatMap(([, pods]) => pods));
  const most = rows.reduce((max, [, pods]) => Math.max(max, pods.length), 1);
  const widest = rows.reduce((max, [node]) => Math.max(max, node.length), 'node'.length);
  return [
    headLine(columns, widest),
    ...rows.flatMap(([node, pods]): Line[] => {
      const id = nodeFold(node);
      const isFolded = folded.has(id);
      return [
        {
          id,
          folds: id,
          pieces: [
            piece(isFolded ? '▸ ' : '▾ ', { dim: true }),
            piece(node.padEnd(widest), { bold: true }),
            ...usagePieces(usage.get(node), pods.length, most),
            piece(String(pods.length).padStart(6)),
            ...cells(columns, pods),
          ],
        },
        ...(isFolded
          ? []
          : pods.map(({ name }) =>
              lazyLine({ id: `pod ${name}`, opens: `Pod ${name}` }, () => [piece(`    ${name}`)]),
            )),
      ];
    }),
  ];
}

/** What folds a node's pods away. */
export function nodeFold(node: string): string {
  return `node ${node}`;
}

function headLine(columns: readonly Column[], widest: number): Line {
  const titles = columns.map(({ title }) => title.padStart(widthOf(title)));
  return {
    id: 'nodes',
    pieces: [
      piece(
        `  ${'node'.padEnd(widest)} ${' '.repeat(BAR)}  cpu  mem   new${titles.map((title) => `  ${title}`).join('')}`,
        {
          dim: true,
        },
      ),
    ],
  };
}

function cells(columns: readonly Column[], pods: readonly PlacedPod[]): Piece[] {
  const counts = new Map<string, number>();
  const known = new Set(columns.map(({ workload }) => workload));
  for (const { workload } of pods) {
    const column = known.has(workload) ? workload : REST;
    counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  return columns.map(({ workload, title }) => {
    const count = counts.get(workload);
    return piece(`  ${(count === undefined ? '·' : String(count)).padStart(widthOf(title))}`, {
      dim: count === undefined,
    });
  });
}

interface Column {
  readonly workload: string;
  readonly title: string;
}

/** The largest workloads, by pods, then by name; the namespace goes without saying where it is the same for all. */
function columnsOf(pods: readonly PlacedPod[]): Column[] {
  const counts = new Map<string, number>();
  for (const { workload } of pods) counts.set(workload, (counts.get(workload) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([workload]) => workload);
  const namespaces = new Set(sorted.map((workload) => workload.split('/')[0]));
  const shown = sorted.length > MOST_COLUMNS ? [...sorted.slice(0, MOST_COLUMNS), REST] : sorted;
  return shown.map((workload) => ({
    workload,
    title: titleOf(namespaces.size === 1 ? workload.slice(workload.indexOf('/') + 1) : workload),
  }));
}

/** The end of a name tells more than its beginning. */
function titleOf(name: string): string {
  return name.length > WIDEST_COLUMN ? `…${name.slice(1 - WIDEST_COLUMN)}` : name;
}

function widthOf(title: string): number {
  return Math.max(4, title.length);
}

/** The bar is the busier of cpu and memory; a document that does not tell of the node gives the share of new pods. */
function usagePieces(node: NodeUsage | undefined, count: number, most: number): Piece[] {
  if (!node) return [piece(` ${barOf(0, (count / most) * 100)}          `, { color: 'cyan' })];
  const of = (resource: string) => node.usage.find((each) => each.resource === resource);
  const [cpu, memory] = [of('cpu'), of('memory')];
  const busier = (cpu?.percentAfter ?? 0) >= (memory?.percentAfter ?? 0) ? cpu : memory;
  const percent = busier?.percentAfter ?? 0;
  const share = (each: Usage | undefined) => `${each?.percentAfter ?? 0}%`.padStart(5);
  return [
    piece(` ${barOf(Math.min(busier?.percentBefore ?? 0, percent), percent)}`, {
      color: !node.ready || percent >= 100 ? 'red' : percent >= 90 ? 'yellow' : 'cyan',
    }),
    piece(`${share(cpu)}${share(memory)}`, { dim: true }),
  ];
}

function barOf(before: number, after: number): string {
  const cells = (percent: number): number => Math.max(0, Math.min(BAR, Math.ceil((percent / 100) * BAR)));
  const [old, all] = [cells(before), cells(after)];
  return `${'█'.repeat(old)}${'▒'.repeat(all - old)}${'░'.repeat(BAR - all)}`;
}
