// The plan for a person: what was asked for and what follows from it as a tree, then placements, services, problems and one line of sums.
import { styleText } from 'node:util';
import type { Plan, PlanChange } from '../../planner/changes/plan.ts';
import { ACTIONS } from '../actions.ts';
import { documentsOf } from '../diff/documents.ts';
import { hunksOf } from '../diff/unified.ts';
import { fieldsOf } from '../fields.ts';
import { findingsOfPlan, suppressedLines, withOpenProblems } from '../findings/findings.ts';
import { alikeGroups, commonName, FOLD_ABOVE } from '../fold.ts';
import { countedPlaces, type Places, placesOf, someOf } from '../places.ts';
import type { Reporter, ReportOptions } from '../reporter.ts';
import { addressOf, type ChangeNode, changeForest } from '../tree.ts';
import { shownValue } from '../value.ts';
import { webhookLines } from '../webhooks.ts';
import { driftSection, evictionSection, replacementLines, rolloutSection, roomSection } from './costs.ts';
import { diagnosticLines, type Paint } from './diagnostics.ts';

/** Nodes and names listed for a folded line. */
const MOST_PLACES = 8;
const MOST_NAMES = 4;
/** Causes shown of one object unless --full; those in the middle are counted. */
const LONGEST_CHAIN = 4;
/** Fields of one object shown unless --full. */
const MAX_FIELDS = 20;

export const text: Reporter = (plan, options) => {
  const paint: Paint = options.color
    ? (style, line) => styleText(style, line, { validateStream: false })
    : (_style, line) => line;
  const open = withOpenProblems(plan);
  const sections = [
    driftSection(plan, paint),
    header(plan, paint),
    ...changeSections(plan, options, paint),
    rolloutSection(plan, options.full, paint),
    evictionSection(plan, options.full, paint),
    roomSection(plan, options.full, paint),
    serviceSection(plan, paint),
    webhookSection(plan, options, paint),
    pendingSection(open, paint),
    problemSection(open, paint),
    suppressedSection(plan, paint),
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
  const places = placesOf(plan);
  const { submitted, derived } = changeForest(plan);
  const render = (forest: readonly ChangeNode[]) => renderSiblings(forest, '', { options, paint, places });
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
  readonly places: Places;
}

function renderSiblings(
  siblings: readonly ChangeNode[],
  indent: string,
  rendering: Rendering,
  isMerged = false,
): string[] {
  const groups = rendering.options.full ? siblings.map((sibling) => [sibling]) : alikeGroups(siblings, isMerged);
  return groups.flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    return group.length === 1 ? renderNode(first, indent, rendering) : renderFolded(group, indent, rendering, isMerged);
  });
}

function renderNode({ change, children }: ChangeNode, indent: string, rendering: Rendering): string[] {
  const { paint, places, options } = rendering;
  const { symbol, color } = ACTIONS[change.action];
  const place = places.get(addressOf(change.object));
  const where = place ? ` ${place}` : '';
  const why = whyText(change, indent, options, paint);
  const head = `${indent}  ${paint(color, symbol)} ${addressOf(change.object)}${where}${why}`;
  return [
    head,
    ...replacementLines(change, `${indent}      `, paint),
    ...fieldLines(change, `${indent}      `, options, paint),
    ...renderSiblings(children, `${indent}    `, rendering),
  ];
}

/** One line for many objects that change alike, their change once, and what follows from all of them. */
function renderFolded(group: readonly ChangeNode[], indent: string, rendering: Rendering, isMerged: boolean): string[] {
  const { paint, places, options } = rendering;
  const { change } = group[0]!;
  const { symbol, color } = ACTIONS[change.action];
  const counted = countedPlaces(group, places);
  const names = group.map((member) => member.change.object.name);
  const address = addressOf({ ...change.object, name: commonName(names) });
  const where = counted.length > 0 ? ` (${someOf(counted, MOST_PLACES)})` : '';
  // The names of what was asked for are the reader's own; made-up names tell nothing.
  const which =
    change.owner === undefined
      ? paint('dim', `  # ${someOf(names, MOST_NAMES)}`)
      : isMerged
        ? ''
        : whyText(change, indent, options, paint);
  return [
    `${indent}  ${paint(color, symbol)} ${group.length} × ${address}${where}${which}`,
    ...fieldLines(change, `${indent}      `, options, paint),
    ...renderSiblings(
      group.flatMap(({ children }) => children),
      `${indent}    `,
      rendering,
      true,
    ),
  ];
}

/** The chain of causes at the root of a tree, without its middle when long; below the root the nearest one, since the tree shows the rest. */
function whyText({ because }: PlanChange, indent: string, { full }: ReportOptions, paint: Paint): string {
  if (because.length === 0) return '';
  const shown = indent === '' ? (full ? because : shortened(because)) : because.slice(0, 1);
  return paint('dim', `  # ${shown.join(' < ')}`);
}

function shortened(because: readonly string[]): readonly string[] {
  const left = because.length - LONGEST_CHAIN;
  if (left <= 1) return because;
  return [...because.slice(0, LONGEST_CHAIN - 1), `… ${left} more …`, because.at(-1)!];
}

function fieldLines(change: PlanChange, indent: string, { full, context }: ReportOptions, paint: Paint): string[] {
  if (change.action === 'create' && !full) return [];
  if (context !== undefined && change.action === 'update') return hunkLines(change, indent, full, context, paint);
  const { shown, hidden, unchanged } = fieldsOf(change, full, MAX_FIELDS);
  const lines = shown.map((field) => {
    const before = shownValue(change, field.path, field.before);
    const after = shownValue(change, field.path, field.after);
    const from = field.from === 'file' || field.from === 'command' ? '' : paint('dim', `  (${field.by ?? field.from})`);
    if (field.before === undefined) return `${indent}${paint('green', '+')} ${field.path}: ${after}${from}`;
    if (field.after === undefined) return `${indent}${paint('red', '-')} ${field.path}: ${before}${from}`;
    return `${indent}${paint('yellow', '~')} ${field.path}: ${before} -> ${after}${from}`;
  });
  const omitted = [
    ...(hidden > 0
      ? [`${hidden} more changed ${hidden === 1 ? 'field, --full shows it' : 'fields, --full shows them'}`]
      : []),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
  ];
  if (shown.length > 0 && omitted.length > 0 && change.action === 'update')
    lines.push(paint('dim', `${indent}# (${omitted.join('; ')})`));
  return lines;
}

function hunkLines(change: PlanChange, indent: string, full: boolean, context: number, paint: Paint): string[] {
  return hunksOf(documentsOf(change, full), context).flatMap(({ head, lines }) => [
    paint('dim', `${indent}${head}`),
    ...lines.map((line) => {
      const color = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : undefined;
      return color ? `${indent}${paint(color, line)}` : `${indent}${line}`;
    }),
  ]);
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

function suppressedSection(plan: Plan, paint: Paint): string[] {
  if (!plan.suppressed) return [];
  return [
    paint('bold', 'Suppressed'),
    ...suppressedLines(findingsOfPlan(plan)).map((line) => paint('dim', `  ${line}`)),
  ];
}

function webhookSection(plan: Plan, { full }: ReportOptions, paint: Paint): string[] {
  const lines = webhookLines(plan, full ?? false);
  return lines.length === 0 ? [] : [paint('bold', 'Webhooks'), ...lines.map((line) => `  ${line}`)];
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
