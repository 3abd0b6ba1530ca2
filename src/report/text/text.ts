// The plan for a person: what was asked for and what follows from it as a tree, then placements, services, problems and one line of sums.
import { styleText } from 'node:util';
import type { Plan, PlanChange } from '../../planner/changes/plan.ts';
import { ACTIONS } from '../actions.ts';
import type { Reporter, ReportOptions } from '../reporter.ts';
import { addressOf, type ChangeNode, changeForest } from '../tree.ts';
import { shownValue } from '../value.ts';
import { diagnosticLines, type Paint } from './diagnostics.ts';

/** Siblings alike beyond this number are folded into one line. */
const FOLD_ABOVE = 5;
/** Kinds whose fields the services section tells better. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(['Endpoints', 'EndpointSlice']);
/** Fields of one object shown unless --full. */
const MAX_FIELDS = 20;

export const text: Reporter = (plan, options) => {
  const paint: Paint = options.color
    ? (style, line) => styleText(style, line, { validateStream: false })
    : (_style, line) => line;
  const sections = [
    header(plan, paint),
    ...changeSections(plan, options, paint),
    serviceSection(plan, paint),
    pendingSection(plan, paint),
    problemSection(plan, paint),
    assumptionSection(plan, paint),
    summarySection(plan, paint),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
};

function header(plan: Plan, paint: Paint): string[] {
  const used = new Set(plan.changes.map(({ action }) => action));
  const legend = Object.entries(ACTIONS)
    .filter(([action]) => action !== 'no-op' && used.has(action as PlanChange['action']))
    .map(([, { symbol, color, legend }]) => `  ${paint(color, symbol)} ${legend}`);
  if (legend.length === 0) return [];
  return [`Kubernetes ${plan.kubernetesVersion} would do this (simulated):`, ...legend];
}

function changeSections(plan: Plan, options: ReportOptions, paint: Paint): string[][] {
  const nodes = new Map<string, string>(
    plan.placements.map(({ pod, node }) => [`Pod ${pod.namespace}/${pod.name}`, node]),
  );
  const { submitted, derived } = changeForest(plan);
  const render = (forest: readonly ChangeNode[]) => renderSiblings(forest, '', { options, paint, nodes });
  const shown = submitted.filter(
    ({ change, children }) => options.full || change.action !== 'no-op' || children.length > 0,
  );
  const hidden = submitted.length - shown.length;
  return [
    shown.length > 0 ? [paint('bold', 'Submitted'), ...render(shown)] : [],
    hidden > 0 ? [paint('dim', `  (${hidden} unchanged ${hidden === 1 ? 'object' : 'objects'} hidden)`)] : [],
    derived.length > 0 ? [paint('bold', 'In consequence'), ...render(derived)] : [],
  ];
}

interface Rendering {
  readonly options: ReportOptions;
  readonly paint: Paint;
  readonly nodes: ReadonlyMap<string, string>;
}

function renderSiblings(siblings: readonly ChangeNode[], indent: string, rendering: Rendering): string[] {
  const lines: string[] = [];
  for (const group of groupAlike(siblings, rendering.options.full)) {
    const [first] = group;
    if (!first) continue;
    if (group.length === 1) lines.push(...renderNode(first, indent, rendering));
    else lines.push(...renderFolded(group, indent, rendering));
  }
  return lines;
}

function renderNode({ change, children }: ChangeNode, indent: string, rendering: Rendering): string[] {
  const { paint, nodes, options } = rendering;
  const { symbol, color } = ACTIONS[change.action];
  const node = nodes.get(addressOf(change.object));
  const where = node ? ` on ${node}` : '';
  const why = whyText(change, indent, paint);
  const head = `${indent}  ${paint(color, symbol)} ${addressOf(change.object)}${where}${why}`;
  return [
    head,
    ...fieldLines(change, `${indent}      `, options, paint),
    ...renderSiblings(children, `${indent}    `, rendering),
  ];
}

function renderFolded(group: readonly ChangeNode[], indent: string, { paint, nodes }: Rendering): string[] {
  const { change } = group[0]!;
  const { symbol, color } = ACTIONS[change.action];
  const counts = new Map<string, number>();
  for (const member of group) {
    const node = nodes.get(addressOf(member.change.object));
    if (node) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  const where = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([node, count]) => `${count} on ${node}`);
  const why = whyText(change, indent, paint);
  const name = change.object.name.replace(/[^-]*$/, '*');
  const address = addressOf({ ...change.object, name });
  return [
    `${indent}  ${paint(color, symbol)} ${group.length} × ${address}${where.length > 0 ? ` (${where.join(', ')})` : ''}${why}`,
  ];
}

/** The whole chain of causes at the root of a tree; below it the nearest one, since the tree shows the rest. */
function whyText({ because }: PlanChange, indent: string, paint: Paint): string {
  if (because.length === 0) return '';
  const shown = indent === '' ? because : because.slice(0, 1);
  return paint('dim', `  # ${shown.join(' < ')}`);
}

/** Neighbours that differ in nothing but a generated name, when there are many of them. */
function groupAlike(siblings: readonly ChangeNode[], full: boolean): ChangeNode[][] {
  const groups = new Map<string, ChangeNode[]>();
  for (const sibling of siblings) {
    const { action, object, owner, fields } = sibling.change;
    const isFoldable = !full && sibling.children.length === 0 && owner !== undefined;
    const key = isFoldable
      ? [action, object.kind, object.namespace, owner.kind, owner.name, JSON.stringify(fields)].join('\n')
      : addressOf(object) + action;
    const group = groups.get(key);
    if (group) group.push(sibling);
    else groups.set(key, [sibling]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length > FOLD_ABOVE ? [group] : group.map((member) => [member]),
  );
}

function fieldLines(change: PlanChange, indent: string, { full }: ReportOptions, paint: Paint): string[] {
  if (change.action === 'create' && !full) return [];
  if (!full && SHOWN_ELSEWHERE.has(change.object.kind)) return [];
  const fields = full ? change.fields : change.fields.filter(({ path }) => !path.startsWith('status'));
  const shown = full ? fields : fields.slice(0, MAX_FIELDS);
  const lines = shown.map((field) => {
    const before = shownValue(change, field.path, field.before);
    const after = shownValue(change, field.path, field.after);
    const from = field.from === 'file' ? '' : paint('dim', `  (${field.by ?? field.from})`);
    if (field.before === undefined) return `${indent}${paint('green', '+')} ${field.path}: ${after}${from}`;
    if (field.after === undefined) return `${indent}${paint('red', '-')} ${field.path}: ${before}${from}`;
    return `${indent}${paint('yellow', '~')} ${field.path}: ${before} -> ${after}${from}`;
  });
  const hidden = change.fields.length - shown.length;
  if (hidden > 0 && change.action === 'update')
    lines.push(paint('dim', `${indent}# (${hidden} more ${hidden === 1 ? 'field' : 'fields'}, --full shows them)`));
  return lines;
}

function serviceSection({ services }: Plan, paint: Paint): string[] {
  if (services.length === 0) return [];
  return [
    paint('bold', 'Services'),
    ...services.map(({ service, clusterIP, ports, ready, notReady }) => {
      const address = [clusterIP, ports.join(',')].filter(Boolean).join(' ');
      const waiting = notReady.length > 0 ? `, ${notReady.length} not ready` : '';
      const targets = ready.length === 0 ? paint('yellow', 'no ready endpoints') : ready.join(', ');
      return `  ${service.namespace}/${service.name}  ${address} -> ${targets}${waiting}`;
    }),
  ];
}

function pendingSection({ pending }: Plan, paint: Paint): string[] {
  if (pending.length === 0) return [];
  const byMessage = new Map<string, string[]>();
  for (const { pod, reason, message } of pending) {
    const key = `${reason}: ${message}`;
    const pods = byMessage.get(key);
    if (pods) pods.push(`${pod.namespace}/${pod.name}`);
    else byMessage.set(key, [`${pod.namespace}/${pod.name}`]);
  }
  return [
    paint(['bold', 'red'], 'Pending'),
    ...[...byMessage].flatMap(([message, pods]) => [
      `  ${pods.length === 1 ? pods[0] : `${pods.length} pods: ${pods.slice(0, FOLD_ABOVE).join(', ')}${pods.length > FOLD_ABOVE ? ', …' : ''}`}`,
      `      ${message}`,
    ]),
  ];
}

function problemSection({ diagnostics }: Plan, paint: Paint): string[] {
  if (diagnostics.length === 0) return [];
  return [paint('bold', 'Problems'), ...diagnostics.flatMap((diagnostic) => diagnosticLines(diagnostic, paint, '  '))];
}

function assumptionSection({ assumptions }: Plan, paint: Paint): string[] {
  if (assumptions.length === 0) return [];
  return [paint('bold', 'Assumed'), ...assumptions.map((assumption) => paint('dim', `  ${assumption}`))];
}

function summarySection({ summary, hasChanges, converged, simulatedSeconds }: Plan, paint: Paint): string[] {
  const { create, update, replace, delete: deleted, derived, pending, refused } = summary;
  const plan = hasChanges
    ? `Plan: ${create} to create, ${update} to update, ${replace} to replace, ${deleted} to delete; ${derived} in consequence.`
    : refused > 0
      ? 'Plan: nothing changes.'
      : 'Plan: no changes. The cluster already is as the manifests say.';
  const problems = [
    refused > 0 ? `${refused} refused by the API server` : '',
    pending > 0 ? `${pending} ${pending === 1 ? 'pod stays' : 'pods stay'} pending` : '',
  ].filter(Boolean);
  const text = problems.length > 0 ? `, ${problems.join(', ')}` : '';
  const settled = converged
    ? `Converged: yes, after ${simulatedSeconds} simulated ${simulatedSeconds === 1 ? 'second' : 'seconds'}${text}.`
    : `Converged: ${paint('red', 'no')}${text}.`;
  return [paint('bold', plan), settled];
}
