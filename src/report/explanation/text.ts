// An explanation for a person: what was decided, the scores of the nodes that would do, what is in the way on the others, what
// would help, and who had to go.
import { styleText } from 'node:util';
import type {
  ExplainedGroup,
  ExplainedNode,
  ExplainedPreemption,
  Explanation,
  PodExplanation,
  PodRef,
  SharedClaim,
} from '../../planner/explain/pod-explanation.ts';
import { someOf } from '../places.ts';
import type { Paint } from '../text/diagnostics.ts';
import type { ExplanationOptions } from './reporters.ts';

/** Rows of a table unless --full. */
const MOST_NODES = 20;
const MOST_NAMES = 5;
const MOST_CANDIDATES = 5;

export function explanationText({ pods }: Explanation, { color, full }: ExplanationOptions): string {
  if (pods.length === 0) return 'No pod waits for a node.\n';
  const paint: Paint = color
    ? (style, line) => styleText(style, line, { validateStream: false })
    : (_style, line) => line;
  const most = full ? Number.POSITIVE_INFINITY : MOST_NODES;
  return `${alike(pods)
    .map((group) => podSections(group, most, paint).join('\n\n'))
    .join('\n\n')}\n`;
}

type Alike = readonly [PodExplanation, ...PodExplanation[]];

/** Pods of which one was explained for all, where they stand together. */
function alike(pods: readonly PodExplanation[]): readonly Alike[] {
  const groups: [PodExplanation, ...PodExplanation[]][] = [];
  for (const pod of pods) {
    const last = groups.at(-1);
    if (last && pod.nodes.length > 0 && last[0].nodes === pod.nodes && last[0].message === pod.message) last.push(pod);
    else groups.push([pod]);
  }
  return groups;
}

function podSections([explanation, ...others]: Alike, most: number, paint: Paint): string[] {
  const feasible = explanation.nodes.filter(({ feasible }) => feasible);
  const refusing = explanation.nodes.filter(({ feasible }) => !feasible);
  const sections = [
    [paint('bold', headline(explanation)), ...likeLine(others)],
    explanation.group ? groupSection(explanation.group, explanation) : [],
    scoreSection(explanation, feasible, most),
    refusalSection(refusing, most, paint),
    zoneSection(explanation),
    remedySection(explanation),
    explanation.preemption ? preemptionSection(explanation.preemption) : [],
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
}

function headline({ pod, outcome, node, message, at, profile }: PodExplanation): string {
  const name = `Pod ${nameOf(pod)}`;
  switch (outcome) {
    case 'scheduled':
      return `${name} is on ${node}, decided ${at === undefined ? 'earlier' : `at ${at}s`}`;
    case 'given':
      return `${name} is on ${node} because its description says so; if it were scheduled now:`;
    case 'foreign':
      return `${name} waits for scheduler ${profile}, which is not simulated`;
    case 'gated':
      return `${name} is held back: ${message}`;
    case 'unschedulable':
      return `${name} stays pending: ${message}`;
  }
}

function likeLine(others: readonly PodExplanation[]): string[] {
  if (others.length === 0) return [];
  const names = others.map(({ pod }) => nameOf(pod));
  return [`  and so ${others.length === 1 ? 'does' : `do ${others.length} like it:`} ${someOf(names, MOST_NAMES)}`];
}

function groupSection(group: ExplainedGroup, { outcome, nodes }: PodExplanation): string[] {
  const { name, exists, minCount, topology, pods, placed, message } = group;
  if (!exists) return [`Its pod group ${name} does not exist: its pods are tried once it does`];
  const kind = minCount === undefined ? 'a group' : `a gang of at least ${minCount}`;
  const where = topology === undefined ? '' : ` on nodes that share ${topology}`;
  const lines = [`Pod group ${name}, ${kind}${where}: ${pods} pods, ${placed} of them on nodes`];
  if (message) lines.push(`  ${message}`);
  for (const claim of group.claims ?? []) lines.push(`  ${claimLine(claim)}`);
  if (minCount === undefined) return lines;
  const missing = minCount - pods;
  if (missing > 0)
    lines.push(`  ${missing} more ${missing === 1 ? 'pod has' : 'pods have'} to be there before any is tried`);
  else if (outcome === 'unschedulable' && nodes.some(({ feasible }) => feasible))
    lines.push('  Alone this pod would fit; all of them together do not');
  return lines;
}

function claimLine({ name, claim, devices, isReserved }: SharedClaim): string {
  if (claim === undefined) return `Shares claim ${name}, which is not there yet`;
  const has = devices.length === 0 ? 'no devices are allocated yet' : `devices ${someOf(devices, MOST_NAMES)}`;
  const reserved = devices.length > 0 && !isReserved ? ', not reserved for the group' : '';
  return `Shares claim ${name} (${claim}): ${has}${reserved}`;
}

function scoreSection({ best }: PodExplanation, nodes: readonly ExplainedNode[], most: number): string[] {
  const [first] = nodes;
  if (!first?.scores) return nodes.length > 0 ? [`Feasible: ${someOf(namesOf(nodes), MOST_NAMES)}`] : [];
  const columns = first.scores.map(({ plugin, weight }) => `${plugin}${weight === 1 ? '' : `×${weight}`}`);
  const widest = widthOf(nodes.map(({ node }) => node));
  const rows = nodes.slice(0, most).map(({ node, total, scores = [] }) => {
    const cells = scores.map(({ score }, i) => String(score).padStart(columns[i]!.length));
    return `  ${node.padEnd(widest)}  ${String(total).padStart(5)}  ${cells.join('  ')}`;
  });
  return [
    `Scores, times their weights`,
    `  ${'node'.padEnd(widest)}  total  ${columns.join('  ')}`,
    ...rows,
    ...moreLine(nodes.length - rows.length),
    ...(best.length > 1
      ? [
          `  Tie: ${someOf(best, MOST_NAMES)} score the same; kubeplan takes the first by name, kube-scheduler any of them.`,
        ]
      : []),
  ];
}

function refusalSection(nodes: readonly ExplainedNode[], most: number, paint: Paint): string[] {
  if (nodes.length === 0) return [];
  const lines = nodes
    .slice(0, most)
    .flatMap((node) => [
      `  ${node.node}${node.lacks ? `  ${paint('yellow', node.lacks)}` : ''}`,
      ...obstaclesOf(node).map((line) => `      ${line}`),
    ]);
  return ['Nodes that refuse it, those with the fewest obstacles first', ...lines, ...moreLine(nodes.length - most)];
}

function obstaclesOf({ plugin = '', reasons = [], obstacles }: ExplainedNode): string[] {
  if (obstacles.length === 0) return [`${plugin}: ${reasons.join(', ')}`];
  return obstacles.map((obstacle) => {
    const details = obstacle.details.length > 0 ? ` (${obstacle.details.join('; ')})` : '';
    return `${obstacle.plugin}: ${obstacle.reasons.join(', ')}${details}`;
  });
}

function zoneSection({ zones }: PodExplanation): string[] {
  if (!zones) return [];
  const { allowed, of } = zones;
  return [`${allowed.length} of ${of} zones allowed${allowed.length > 0 ? `: ${allowed.join(', ')}` : ''}`];
}

function remedySection({ remedies }: PodExplanation): string[] {
  if (remedies.length === 0) return [];
  const lines = remedies.map(({ at, change, nodes }) => {
    const where = someOf(nodes, MOST_NAMES);
    return at === 'cluster' ? `  ${change}` : `  ${change}${at === 'node' ? ' on' : ' →'} ${where}`;
  });
  return ['Any one of these would let it in', ...lines];
}

function preemptionSection({ node, victims, spared, candidates, why }: ExplainedPreemption): string[] {
  const podText = ({ priority, startTime, ...pod }: ExplainedPreemption['victims'][number]): string =>
    `${nameOf(pod)} (priority ${priority}${startTime ? `, since ${startTime}` : ''})`;
  return [
    `Preemption: on ${node} these had to go`,
    ...victims.map((victim) => `  ${podText(victim)}`),
    ...(spared.length > 0 ? [`  spared there: ${spared.map(podText).join(', ')}`] : []),
    `  Why ${node}: ${why}.`,
    ...candidates
      .slice(0, MOST_CANDIDATES)
      .map(
        (candidate) =>
          `  ${candidate.node}: ${candidate.victims} to evict, highest priority ${candidate.highestPriority}, ${candidate.violations} budgets violated`,
      ),
    ...moreLine(candidates.length - MOST_CANDIDATES),
  ];
}

function moreLine(more: number): string[] {
  return more > 0 ? [`  and ${more} more; --full shows them`] : [];
}

function nameOf({ namespace, name }: PodRef): string {
  return `${namespace}/${name}`;
}

function namesOf(nodes: readonly ExplainedNode[]): string[] {
  return nodes.map(({ node }) => node);
}

function widthOf(names: readonly string[]): number {
  return Math.max(4, ...names.map((name) => name.length));
}
