// What each pane shows of a plan, as lines. Pure: the same plan, filter and folds give the same lines.
import type { Plan, PlanChange } from '../../planner/changes/plan.ts';
import { ACTIONS } from '../actions.ts';
import { addressOf, type ChangeNode, changeForest } from '../tree.ts';
import { isSensitive, shownValue } from '../value.ts';
import { type Line, type Piece, piece } from './line.ts';

export const PANES = ['changes', 'placements', 'services', 'problems', 'events'] as const;
export type Pane = (typeof PANES)[number];

export interface PaneInput {
  readonly plan: Plan;
  /** Text that a line must hold; empty shows all. */
  readonly filter: string;
  /** Addresses whose children are hidden. */
  readonly folded: ReadonlySet<string>;
}

const RENDER: Readonly<Record<Pane, (input: PaneInput) => Line[]>> = {
  changes: changeLines,
  placements: placementLines,
  services: serviceLines,
  problems: problemLines,
  events: eventLines,
};

export function paneLines(pane: Pane, input: PaneInput): Line[] {
  const lines = RENDER[pane](input);
  if (lines.length > 0) return lines;
  const nothing = input.filter ? `nothing matches ${input.filter}` : 'nothing here';
  return [{ id: 'nothing', pieces: [piece(nothing, { dim: true })] }];
}

export function paneTitle(pane: Pane, plan: Plan): string {
  const counts: Readonly<Record<Pane, number>> = {
    changes: plan.changes.filter(({ action }) => action !== 'no-op').length,
    placements: plan.placements.length,
    services: plan.services.length,
    problems: plan.diagnostics.length + plan.pending.length,
    events: plan.events.length,
  };
  return `${pane} ${counts[pane]}`;
}

function changeLines({ plan, filter, folded }: PaneInput): Line[] {
  const nodes = new Map<string, string>(
    plan.placements.map(({ pod, node }) => [`Pod ${pod.namespace}/${pod.name}`, node]),
  );
  const { submitted, derived } = changeForest(plan);
  const wanted = filter.toLowerCase();
  const lines: Line[] = [];
  const matches = ({ change, children }: ChangeNode): boolean =>
    wanted === '' || searchText(change, nodes).includes(wanted) || children.some(matches);
  const walk = (node: ChangeNode, depth: number): void => {
    if (!matches(node)) return;
    const { change, children } = node;
    const address = addressOf(change.object);
    const isFolded = folded.has(address) && wanted === '';
    lines.push(changeLine(change, depth, children.length > 0 ? (isFolded ? '▸' : '▾') : ' ', nodes.get(address)));
    if (!isFolded) for (const child of children) walk(child, depth + 1);
  };
  const section = (title: string, forest: readonly ChangeNode[]): void => {
    const before = lines.length;
    lines.push({ id: title, pieces: [piece(title, { bold: true })] });
    for (const node of forest) walk(node, 0);
    if (lines.length === before + 1) lines.pop();
  };
  section('Submitted', submitted);
  section('In consequence', derived);
  return lines;
}

function searchText(change: PlanChange, nodes: ReadonlyMap<string, string>): string {
  const address = addressOf(change.object);
  return `${change.action} ${change.origin} ${address} ${nodes.get(address) ?? ''}`.toLowerCase();
}

function changeLine(change: PlanChange, depth: number, mark: string, node: string | undefined): Line {
  const { symbol, color } = ACTIONS[change.action];
  const address = addressOf(change.object);
  return {
    id: address,
    opens: address,
    ...(mark === ' ' ? {} : { folds: address }),
    pieces: [
      piece(`${'  '.repeat(depth)}${mark} `, { dim: true }),
      piece(`${symbol} `, { color }),
      piece(address),
      ...(node ? [piece(` on ${node}`, { color: 'cyan' })] : []),
      ...(change.fields.length > 0 && change.action === 'update'
        ? [piece(` ${change.fields.length} fields`, { dim: true })]
        : []),
    ],
  };
}

/** Nodes with their new pods below them and a bar for how many each got. */
function placementLines({ plan, filter }: PaneInput): Line[] {
  const byNode = new Map<string, string[]>();
  for (const { pod, node } of plan.placements) {
    const name = `${pod.namespace}/${pod.name}`;
    if (!`${node} ${name}`.toLowerCase().includes(filter.toLowerCase())) continue;
    const pods = byNode.get(node);
    if (pods) pods.push(name);
    else byNode.set(node, [name]);
  }
  const most = Math.max(1, ...[...byNode.values()].map((pods) => pods.length));
  return [...byNode]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([node, pods]) => [
      {
        id: `node ${node}`,
        pieces: [
          piece(node, { bold: true }),
          piece(` ${'█'.repeat(Math.ceil((pods.length / most) * 20))}`, { color: 'cyan' as const }),
          piece(` ${pods.length} new`, { dim: true }),
        ],
      },
      ...pods.map((pod) => ({ id: `pod ${pod}`, opens: `Pod ${pod}`, pieces: [piece(`  ${pod}`)] })),
    ]);
}

function serviceLines({ plan, filter }: PaneInput): Line[] {
  return plan.services
    .filter(({ service }) => `${service.namespace}/${service.name}`.toLowerCase().includes(filter.toLowerCase()))
    .flatMap(({ service, clusterIP, ports, ready, notReady }) => {
      const name = `${service.namespace}/${service.name}`;
      return [
        {
          id: `service ${name}`,
          opens: `Service ${name}`,
          pieces: [
            piece(name, { bold: true }),
            piece(` ${[clusterIP, ports.join(',')].filter(Boolean).join(' ')}`, { dim: true }),
            ready.length === 0
              ? piece('  no ready endpoints', { color: 'yellow' as const })
              : piece(`  ${ready.length} ready`, { color: 'green' as const }),
          ],
        },
        ...ready.map((pod) => ({ id: `endpoint ${name} ${pod}`, pieces: [piece(`  -> ${pod}`)] })),
        ...notReady.map((pod) => ({
          id: `waiting ${name} ${pod}`,
          pieces: [piece(`  -> ${pod} (not ready)`, { color: 'yellow' as const })],
        })),
      ];
    });
}

const SEVERITY_COLOR = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

function problemLines({ plan, filter }: PaneInput): Line[] {
  const pending = plan.pending.map(({ pod, reason, message }) => ({
    id: `pending ${pod.namespace}/${pod.name}`,
    opens: `Pod ${pod.namespace}/${pod.name}`,
    pieces: [
      piece('pending ', { color: 'red' as const }),
      piece(`${pod.namespace}/${pod.name} `),
      piece(`${reason}: ${message}`, { dim: true }),
    ],
  }));
  const diagnostics = plan.diagnostics.map(({ severity, message, object, field, source }, index) => ({
    id: `diagnostic ${index}`,
    ...(object ? { opens: addressOf(object) } : {}),
    pieces: [
      piece(`${severity} `, { color: SEVERITY_COLOR[severity] }),
      ...(source ? [piece(`${[source.file, source.line].filter(Boolean).join(':')} `, { dim: true })] : []),
      ...(object ? [piece(`${addressOf(object)} `)] : []),
      piece(field ? `${field}: ${message}` : message),
    ],
  }));
  return [...pending, ...diagnostics].filter((line) => textOf(line.pieces).includes(filter.toLowerCase()));
}

function eventLines({ plan, filter }: PaneInput): Line[] {
  return plan.events
    .map(({ at, type, reason, object, message, count }, index) => ({
      id: `event ${index}`,
      opens: addressOf(object),
      pieces: [
        piece(`${String(at).padStart(5)}s `, { dim: true }),
        piece(`${reason} `, type === 'Warning' ? { color: 'yellow' as const } : {}),
        piece(`${addressOf(object)} `, { color: 'cyan' as const }),
        piece(message),
        ...(count > 1 ? [piece(` ×${count}`, { dim: true })] : []),
      ],
    }))
    .filter((line) => textOf(line.pieces).includes(filter.toLowerCase()));
}

function textOf(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text }) => text)
    .join('')
    .toLowerCase();
}

/** One object: why it changes, its fields before and after, and the whole of it. */
export function objectLines(address: string, plan: Plan): Line[] {
  const change = plan.changes.find(({ object }) => addressOf(object) === address);
  if (!change) return [{ id: 'unchanged', pieces: [piece(`${address} does not change in this plan.`, { dim: true })] }];
  const { symbol, color, legend } = ACTIONS[change.action];
  const head: Line[] = [
    {
      id: 'head',
      pieces: [
        piece(`${symbol} `, { color }),
        piece(address, { bold: true }),
        piece(`  ${legend}, ${change.origin}`, { dim: true }),
      ],
    },
    ...change.because.map((cause, index) => ({
      id: `because ${index}`,
      pieces: [piece(`${'  '.repeat(index)}because of `, { dim: true }), piece(cause)],
    })),
    { id: 'gap', pieces: [piece('')] },
  ];
  if (change.action === 'update') return [...head, ...fieldLines(change)];
  const whole = change.after ?? change.before;
  const sign = change.after ? '+' : '-';
  return [...head, ...documentLines(whole, sign, color, change)];
}

function fieldLines(change: PlanChange): Line[] {
  return change.fields.flatMap((field, index) => {
    const before = shownValue(change, field.path, field.before);
    const after = shownValue(change, field.path, field.after);
    return [
      {
        id: `field ${index}`,
        pieces: [piece(field.path, { bold: true }), piece(`  ${field.by ?? field.from}`, { dim: true })],
      },
      ...(field.before === undefined
        ? []
        : [{ id: `before ${index}`, pieces: [piece(`  - ${before}`, { color: 'red' as const })] }]),
      ...(field.after === undefined
        ? []
        : [{ id: `after ${index}`, pieces: [piece(`  + ${after}`, { color: 'green' as const })] }]),
    ];
  });
}

function documentLines(value: unknown, sign: string, color: Piece['color'], change: PlanChange): Line[] {
  const lines: Line[] = [];
  const emit = (text: string): void => {
    lines.push({ id: `line ${lines.length}`, pieces: [piece(`${sign} `, color ? { color } : {}), piece(text)] });
  };
  const walk = (key: string, item: unknown, indent: string, path: string): void => {
    if (isSensitive(change, path) && (item === null || typeof item !== 'object'))
      emit(`${indent}${key}(sensitive value)`);
    else if (Array.isArray(item) && item.length > 0) {
      emit(`${indent}${key}`.trimEnd());
      for (const each of item) walk('- ', each, `${indent}  `, path);
    } else if (item !== null && typeof item === 'object' && Object.keys(item).length > 0) {
      const isItem = key === '- ';
      if (!isItem) emit(`${indent}${key}`.trimEnd());
      Object.entries(item).forEach(([name, each], index) => {
        const lead = isItem && index === 0 ? '- ' : isItem ? '  ' : '  ';
        const at = isItem ? indent : `${indent}`;
        walk(`${name}: `, each, `${at}${lead}`, path === '' ? name : `${path}.${name}`);
      });
    } else emit(`${indent}${key}${typeof item === 'string' ? item.split('\n')[0] : JSON.stringify(item)}`);
  };
  for (const [key, item] of Object.entries((value ?? {}) as Readonly<Record<string, unknown>>))
    walk(`${key}: `, item, '', key);
  return lines;
}
