// The plan as a comment on a pull request: totals, problems and pending pods as tables, each submitted object to unfold.
// Contract: a GitHub comment holds 65,536 characters; what does not fit is counted. GitHub's step summary and GitLab notes hold more.
import type { Plan, PlanChange } from '../../planner/changes/plan.ts';
import { ACTIONS } from '../actions.ts';
import { documentsOf } from '../diff/documents.ts';
import { hunksOf } from '../diff/unified.ts';
import { fieldsOf } from '../fields.ts';
import { findingsOfPlan, suppressedLines } from '../findings/findings.ts';
import { alikeGroups, commonName } from '../fold.ts';
import { countedPlaces, type Places, placesOf, someOf } from '../places.ts';
import type { Reporter, ReportOptions } from '../reporter.ts';
import { addressOf, type ChangeNode, changeForest } from '../tree.ts';
import { shownValue } from '../value.ts';
import { webhookLines } from '../webhooks.ts';
import { fit, type Part, sizeOf } from './budget.ts';
import { code, fenced, inline, row } from './escape.ts';

export const COMMENT_LIMIT = 65_536;
/** Kept for the lines that count what was cut. */
const RESERVE = 1_024;
/** What each list may take of the comment at most; changes take the rest. */
const SHARES = { problems: 0.3, services: 0.1, webhooks: 0.1, suppressed: 0.05, assumptions: 0.05 } as const;
/** Lines of one object's tree and fields; a longer one would leave no room for others. */
const MOST_LINES = 80;
const LONGEST_LINE = 300;
/** Nodes listed for objects that change alike. */
const MOST_PLACES = 6;
const ORDER = ['create', 'update', 'replace', 'delete'] as const;

export const markdown: Reporter = (plan, options) => {
  const head = `${headLines(plan).join('\n')}\n`;
  let room = COMMENT_LIMIT - RESERVE - sizeOf(head);
  const section = (title: string, header: readonly string[], parts: readonly Part[], share: number): string => {
    if (parts.length === 0) return '';
    const top = ['', `#### ${title}`, '', ...header, ''].join('\n');
    const budget = Math.min(room, Math.floor(COMMENT_LIMIT * share)) - sizeOf(top);
    const { text, cut, shortened } = fit(parts, budget);
    const notes = [
      ...(shortened > 0 ? [`${shortened} of ${parts.length} without details`] : []),
      ...(cut > 0 ? [`${cut} of ${parts.length} cut`] : []),
    ];
    const note = notes.length > 0 ? `\n_${title}: ${notes.join(', ')}, to fit a comment._\n` : '';
    room -= sizeOf(top) + sizeOf(text) + sizeOf(note);
    return `${top}${text}${note}`;
  };
  const problems = section('Problems', table(['', 'object', 'message', 'where']), problemRows(plan), SHARES.problems);
  const suppressed = section('Suppressed', [], suppressedParts(plan), SHARES.suppressed);
  const services = section('Services', table(['service', 'address', 'goes to']), serviceRows(plan), SHARES.services);
  const webhooks = section(
    'Webhooks',
    [],
    webhookLines(plan, options.full ?? false).map((line) => ({ long: `- ${inline(line)}\n` })),
    SHARES.webhooks,
  );
  const assumed = section(
    'Assumed',
    [],
    plan.assumptions.map((text) => ({ long: `- ${inline(text)}\n` })),
    SHARES.assumptions,
  );
  const changes = section('Changes', [], changeParts(plan, options), 1);
  return `${head}${problems}${suppressed}${changes}${services}${webhooks}${assumed}`.trimEnd().concat('\n');
};

function headLines({ summary, changes, hasChanges, converged, simulatedSeconds, kubernetesVersion }: Plan): string[] {
  const count = (action: PlanChange['action'], origin: PlanChange['origin']): string =>
    String(changes.filter((change) => change.action === action && change.origin === origin).length);
  const used = ORDER.filter((action) => changes.some((change) => change.action === action));
  const settled = converged ? `converges after ${simulatedSeconds} simulated s` : '**does not converge**';
  const verdict = [
    settled,
    ...(summary.refused > 0 ? [`**${summary.refused} refused by the API server**`] : []),
    ...(summary.pending > 0
      ? [`**${summary.pending} ${summary.pending === 1 ? 'pod stays' : 'pods stay'} pending**`]
      : []),
  ].join(', ');
  const sums = hasChanges
    ? `${summary.create} to create, ${summary.update} to update, ${summary.replace} to replace, ${summary.delete} to delete; ${summary.derived} in consequence`
    : summary.refused > 0
      ? 'nothing changes'
      : 'no changes';
  return [
    `### kubeplan: ${sums}`,
    '',
    `With Kubernetes ${inline(kubernetesVersion)} this ${verdict}.`,
    ...(used.length > 0
      ? [
          '',
          row(['', 'submitted', 'in consequence']),
          row(['---', '--:', '--:']),
          ...used.map((action) => row([action, count(action, 'submitted'), count(action, 'derived')])),
        ]
      : []),
  ];
}

function table(titles: readonly string[]): string[] {
  return [row(titles), row(titles.map(() => '---'))];
}

/** Diagnostics one by one; pending pods with one message in one row. */
function problemRows(plan: Plan): Part[] {
  const all = findingsOfPlan(plan).all.filter(({ suppressed }) => !suppressed);
  const rows = new Map<string, { readonly first: (typeof all)[number]; readonly objects: string[] }>();
  for (const finding of all) {
    const { rule, severity, field = '', message, object } = finding;
    const key = JSON.stringify([severity, rule, field, message]);
    const known = rows.get(key);
    const address = object ? addressOf(object) : '';
    if (known) known.objects.push(address);
    else rows.set(key, { first: finding, objects: [address] });
  }
  return [...rows.values()].map(({ first, objects }) => {
    const { severity, rule, field, message, source } = first;
    const named = field && !message.startsWith(field) ? `${field}: ${message}` : message;
    const more = objects.length > 1 ? ` and ${objects.length - 1} more` : '';
    return {
      long: `${row([
        `${severity} ${inline(rule)}`,
        objects[0] ? `${code(objects[0])}${more}` : '',
        code(cutLine(named, 1_000)),
        source ? code([source.file, source.line].filter((part) => part !== undefined).join(':')) : '',
      ])}\n`,
    };
  });
}

function suppressedParts(plan: Plan): Part[] {
  if (!plan.suppressed) return [];
  return suppressedLines(findingsOfPlan(plan)).map((line) => ({ long: `- ${inline(line)}\n` }));
}

function serviceRows({ services }: Plan): Part[] {
  return services.map(({ service, clusterIP, ports, ready, notReady }) => ({
    long: `${row([
      code(`${service.namespace}/${service.name}`),
      inline([clusterIP, ports.join(', ')].filter(Boolean).join(' ')),
      `${ready.length === 0 ? '**no ready endpoints**' : `${ready.length} ready`}${notReady.length > 0 ? `, ${notReady.length} not ready` : ''}`,
    ])}\n`,
  }));
}

function changeParts(plan: Plan, options: ReportOptions): Part[] {
  const places = placesOf(plan);
  const { submitted, derived } = changeForest(plan);
  const isShown = ({ change, children }: ChangeNode): boolean =>
    options.full || change.action !== 'no-op' || children.length > 0;
  const parts = alikeGroups(submitted.filter(isShown)).map((group) => objectPart(group, places, options));
  if (derived.length === 0) return parts;
  const lines = treeLines(derived, places, 0);
  const title = `In consequence: ${derived.length} more ${derived.length === 1 ? 'object' : 'objects'}`;
  return [...parts, { long: details(title, fenced('diff', capped(lines))), short: `- ${title}\n` }];
}

/** A submitted object, or many that change alike, to unfold. */
function objectPart(group: readonly ChangeNode[], places: Places, options: ReportOptions): Part {
  const { change } = group[0]!;
  const children = group.flatMap((member) => member.children);
  const names = group.map((member) => member.change.object.name);
  const address =
    group.length === 1
      ? addressOf(change.object)
      : `${group.length} × ${addressOf({ ...change.object, name: commonName(names) })}`;
  const { shown, hidden } = fieldsOf(change, options.full);
  const sums = [
    ...(change.action === 'update' ? [`${shown.length} ${shown.length === 1 ? 'field' : 'fields'}`] : []),
    ...sumsBelow(children),
  ];
  const title = `${ACTIONS[change.action].symbol} ${address}`;
  const counted = sums.length > 0 ? `: ${sums.join(', ')}` : '';
  const short = `- ${code(title)}${inline(counted)}\n`;
  const fields =
    options.context !== undefined && change.action !== 'no-op'
      ? hunksOf(documentsOf(change, options.full), options.context).flatMap(({ head, lines }) => [head, ...lines])
      : change.action === 'update' || options.full
        ? shown.flatMap((field) => fieldLines(change, field))
        : [];
  const because = change.because.map((cause) => code(cause)).join(' ← ');
  const body = [
    ...(names.length > 1
      ? [
          `Objects: ${names
            .map((name) => code(name))
            .slice(0, 20)
            .join(', ')}${names.length > 20 ? ` and ${names.length - 20} more` : ''}`,
          '',
        ]
      : []),
    ...(because && group.length === 1 ? [`Because of ${because}`, ''] : []),
    ...(fields.length > 0 ? [...fenced('diff', capped(fields)), ''] : []),
    ...(fields.length > 0 && hidden > 0 && change.action === 'update'
      ? [`${hidden} more changed ${hidden === 1 ? 'field' : 'fields'} in status and bookkeeping.`, '']
      : []),
    ...(children.length > 0 ? fenced('diff', capped(treeLines(children, places, 0, group.length > 1))) : []),
  ];
  return body.length === 0 ? { long: short } : { long: details(`${title}${counted}`, body), short };
}

function details(summary: string, body: readonly string[]): string {
  const inside = body.join('\n').trimEnd();
  return ['<details>', `<summary>${code(summary)}</summary>`, '', inside, '', '</details>', ''].join('\n');
}

function sumsBelow(children: readonly ChangeNode[]): string[] {
  const counts = new Map<string, number>();
  const count = (node: ChangeNode): void => {
    const { action } = node.change;
    counts.set(action, (counts.get(action) ?? 0) + 1);
    node.children.forEach(count);
  };
  children.forEach(count);
  return ORDER.filter((action) => counts.has(action)).map((action) => `${counts.get(action)} ${action}d below`);
}

/** A field as removed and added lines, so that a diff block colours them. */
function fieldLines(change: PlanChange, field: PlanChange['fields'][number]): string[] {
  const by = field.from === 'file' || field.from === 'command' ? '' : `  # ${field.by ?? field.from}`;
  return [
    ...(field.before === undefined ? [] : [`- ${field.path}: ${shownValue(change, field.path, field.before)}`]),
    ...(field.after === undefined ? [] : [`+ ${field.path}: ${shownValue(change, field.path, field.after)}${by}`]),
  ];
}

/** The sign stands first in a line, so that a diff block colours it; the depth comes after it. */
function treeLines(siblings: readonly ChangeNode[], places: Places, depth: number, isMerged = false): string[] {
  return alikeGroups(siblings, isMerged).flatMap((group) => {
    const { change } = group[0]!;
    const { symbol } = ACTIONS[change.action];
    const sign = change.action === 'update' ? '!' : symbol.slice(0, 1);
    const names = group.map((member) => member.change.object.name);
    const counted = countedPlaces(group, places);
    const place = group.length === 1 ? places.get(addressOf(change.object)) : someOf(counted, MOST_PLACES);
    const address =
      group.length === 1
        ? addressOf(change.object)
        : `${group.length} × ${addressOf({ ...change.object, name: commonName(names) })}`;
    return [
      `${sign} ${'  '.repeat(depth)}${address}${place ? ` ${place}` : ''}`,
      ...treeLines(
        group.flatMap((member) => member.children),
        places,
        depth + 1,
        isMerged || group.length > 1,
      ),
    ];
  });
}

function capped(lines: readonly string[]): string[] {
  const shown = lines.slice(0, MOST_LINES).map((line) => cutLine(line, LONGEST_LINE));
  const rest = lines.length - shown.length;
  return rest > 0 ? [...shown, `  … ${rest} more lines`] : shown;
}

function cutLine(line: string, most: number): string {
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
