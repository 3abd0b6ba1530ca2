// What `kubectl cordon`, `uncordon`, `drain` and `taint` say; nothing is written here.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/{drain,taint} and pkg/drain/filters.go, Kubernetes v1.36.3.
// Differs: evictions are never refused by a disruption budget.
import { compareBytes } from '../../apimachinery/go-json.ts';
import type { DaemonSet } from '../../schema/generated/types/apps-v1.ts';
import type { Node, Pod } from '../../schema/generated/types/core-v1.ts';
import { parseSelector } from '../../selectors/label-selector.ts';
import type { FlagSpecs, ParsedArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { surroundingsOf } from './describe.ts';
import { doneLine, dryRunSuffix, VERB_FLAGS, verbQuestion } from './dry-run.ts';
import { KubectlError, type Output } from './outcome.ts';
import { type Found, selectObjects } from './select-objects.ts';

export const DRAIN_FLAGS: FlagSpecs = {
  ...VERB_FLAGS,
  force: { kind: 'flag' },
  'ignore-daemonsets': { kind: 'flag' },
  'delete-emptydir-data': { kind: 'flag' },
  'disable-eviction': { kind: 'flag' },
  'grace-period': { kind: 'value' },
  'pod-selector': { kind: 'value' },
  timeout: { kind: 'value' },
  'skip-wait-for-delete-timeout': { kind: 'value' },
};
export const TAINT_FLAGS: FlagSpecs = { ...VERB_FLAGS, overwrite: { kind: 'flag' } };

const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const QUALIFIED_NAME = /^([a-z0-9.-]+\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const ERR_QUALIFIED_NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const ALREADY_GONE = new Set(['Succeeded', 'Failed']);

function nodesNamed(verb: string, given: ParsedArguments, { view }: KubectlContext, output: Output): readonly Found[] {
  if (given.arguments.length === 0 && !given.has('selector')) {
    throw new KubectlError(`USAGE: ${verb} NODE [flags]\nSee 'kubectl ${verb} -h' for help and examples`);
  }
  const words = given.arguments.some((word) => word.includes('/')) ? given.arguments : ['nodes', ...given.arguments];
  const { found, errors } = selectObjects(view, verbQuestion(given, words));
  for (const error of errors) output.fail(error);
  return errors.length > 0 ? [] : found;
}

function cordonNodes(nodes: readonly Found[], isWanted: boolean, given: ParsedArguments, output: Output): void {
  const word = isWanted ? 'cordoned' : 'uncordoned';
  for (const found of nodes) {
    // Only nodes are looked up here.
    const isCordoned = (found.object as Node).spec.unschedulable ?? false;
    output.stdout += doneLine(found, isCordoned === isWanted ? `already ${word}` : word, given);
  }
}

export function cordon(given: ParsedArguments, context: KubectlContext, output: Output): void {
  cordonNodes(nodesNamed('cordon', given, context, output), true, given, output);
}

export function uncordon(given: ParsedArguments, context: KubectlContext, output: Output): void {
  cordonNodes(nodesNamed('uncordon', given, context, output), false, given, output);
}

export function drain(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const nodes = nodesNamed('drain', given, context, output);
  cordonNodes(nodes, true, given, output);
  const failures: { readonly node: string; readonly error: string }[] = [];
  for (const found of nodes) {
    const name = found.object.metadata.name ?? '';
    const { pods, warnings, errors } = podsToDelete(name, given, context);
    if (errors.length > 0) {
      const error = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`;
      output.stderr += `error: unable to drain node "${name}" due to error: ${error}, continuing command...\n`;
      failures.push({ node: name, error });
      continue;
    }
    if (warnings !== '') output.stderr += `Warning: ${warnings}\n`;
    const suffix = dryRunSuffix(given);
    const isEvicting = !given.flag('disable-eviction');
    const namesOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;
    if (isEvicting || given.value('dry-run') === 'client') {
      output.stdout += pods.map((pod) => `evicting pod ${namesOf(pod)}${suffix}\n`).join('');
    }
    if (!given.has('dry-run')) {
      const done = isEvicting ? 'evicted' : 'deleted';
      output.stdout += pods.map(({ metadata }) => `pod/${metadata.name} ${done}\n`).join('');
    }
    output.stdout += doneLine(found, 'drained', given);
  }
  if (failures.length === 0) return;
  output.stderr += `There are pending nodes to be drained:\n${failures.map(({ node }) => ` ${node}\n`).join('')}`;
  for (const { error } of failures) output.fail(new KubectlError(error, { isBare: true }));
}

interface Verdict {
  readonly isDeleted: boolean;
  readonly warning?: string;
  readonly error?: string;
}

function podsToDelete(
  node: string,
  given: ParsedArguments,
  context: KubectlContext,
): { readonly pods: readonly Pod[]; readonly warnings: string; readonly errors: readonly string[] } {
  const around = surroundingsOf(context, false);
  const selector = parseSelector(given.value('pod-selector') ?? '');
  if (!selector.ok) throw new KubectlError(selector.error);
  const pods: Pod[] = [];
  const warned = new Map<string, string[]>();
  const refused = new Map<string, string[]>();
  for (const pod of around.list<Pod>('Pod')) {
    if (pod.spec.nodeName !== node || !selector.value.matches(pod.metadata.labels)) continue;
    const sets = around.list<DaemonSet>('DaemonSet.apps', pod.metadata.namespace);
    const { isDeleted, warning, error } = verdictOn(pod, sets, given);
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    if (error !== undefined) refused.set(error, [...(refused.get(error) ?? []), name]);
    else if (warning !== undefined) warned.set(warning, [...(warned.get(warning) ?? []), name]);
    if (isDeleted) pods.push(pod);
  }
  const texts = (groups: ReadonlyMap<string, readonly string[]>): readonly string[] =>
    [...groups].sort(([a], [b]) => compareBytes(a, b)).map(([message, names]) => `${message}: ${names.join(', ')}`);
  return { pods, warnings: texts(warned).join('; '), errors: texts(refused).map((text) => `cannot delete ${text}`) };
}

/** The last filter with something to say decides. */
function verdictOn(pod: Pod, daemonSets: readonly DaemonSet[], given: ParsedArguments): Verdict {
  const controller = pod.metadata.ownerReferences?.find((owner) => owner.controller);
  if (ALREADY_GONE.has(pod.status.phase ?? '')) return { isDeleted: true };
  if (controller?.kind === 'DaemonSet' && controller.apiVersion === 'apps/v1') {
    if (!daemonSets.some(({ metadata }) => metadata.name === controller.name)) {
      const message = `daemonsets.apps "${controller.name}" not found`;
      if (!given.flag('force')) return { isDeleted: false, error: message };
      return { isDeleted: true, warning: message };
    }
    if (given.flag('ignore-daemonsets')) return { isDeleted: false, warning: 'ignoring DaemonSet-managed Pods' };
    return { isDeleted: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
  }
  if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) return { isDeleted: false };
  if (pod.spec.volumes?.some(({ emptyDir }) => emptyDir) && !given.flag('delete-emptydir-data')) {
    return { isDeleted: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' };
  }
  if (controller) return { isDeleted: true };
  if (given.flag('force')) return { isDeleted: true, warning: 'deleting Pods that declare no controller' };
  return { isDeleted: false, error: 'Pods that declare no controller (use --force to override)' };
}

interface TaintSpec {
  readonly key: string;
  readonly effect: string;
}

export function taint(given: ParsedArguments, { view }: KubectlContext, output: Output): void {
  const isSpec = (word: string): boolean => /[=:]/.test(word) || word.endsWith('-');
  const words = given.arguments.filter((word) => !isSpec(word));
  const specs = given.arguments.filter(isSpec);
  if (words.length === 0)
    throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (specs.length === 0) throw new KubectlError('at least one taint update is required');
  const added = specs.filter((spec) => !spec.endsWith('-')).map((spec) => parseTaint(spec, true));
  const removed = specs.filter((spec) => spec.endsWith('-')).map((spec) => parseTaint(spec.slice(0, -1), false));
  const match = view.resources.find(words[0]!);
  if (match && match.resource.kind !== 'Node') {
    throw new KubectlError(`invalid resource type ${words[0]!.toLowerCase()}, only node types are supported`);
  }
  if (words.length < 2 && !given.flag('all') && !given.has('selector')) {
    throw new KubectlError("at least one resource name must be specified since 'all' parameter is not set");
  }
  const { found, errors } = selectObjects(view, verbQuestion(given, words));
  for (const one of found) taintNode(one, added, removed, given, output);
  for (const error of errors) output.fail(error);
}

function taintNode(
  found: Found,
  added: readonly TaintSpec[],
  removed: readonly TaintSpec[],
  given: ParsedArguments,
  output: Output,
): void {
  const taints = (found.object as Node).spec.taints ?? [];
  const isOn = ({ key, effect }: TaintSpec): boolean =>
    taints.some((taint_) => taint_.key === key && (effect === '' || taint_.effect === effect));
  const taken = [...new Set(added.filter(isOn).map(({ key }) => key))];
  if (taken.length > 0 && !given.flag('overwrite')) {
    const keys = taken.join(',');
    const message = `node ${found.object.metadata.name} already has ${keys} taint(s) with same effect(s) and --overwrite is false`;
    output.fail(new KubectlError(message));
    return;
  }
  const missing = removed.filter((spec) => !isOn(spec));
  if (missing.length > 0) {
    for (const { key, effect } of missing) {
      output.fail(new KubectlError(`taint "${effect === '' ? key : `${key}:${effect}`}" not found`));
    }
    return;
  }
  const isModified = given.flag('overwrite') || (added.length > 0 && removed.length > 0);
  const operation = isModified ? 'modified' : added.length > 0 ? 'tainted' : 'untainted';
  // kubectl does not say here that it was a dry run.
  output.stdout += `node/${found.object.metadata.name} ${operation}\n`;
}

function parseTaint(spec: string, needsEffect: boolean): TaintSpec {
  const fail = (message: string): KubectlError =>
    new KubectlError(`${message}\nSee 'kubectl taint -h' for help and examples`);
  const [pair = '', effect = '', ...more] = spec.split(':');
  if (more.length > 0) throw fail(`invalid taint spec: ${spec}`);
  if (spec.includes(':') && !EFFECTS.includes(effect)) {
    throw fail(`invalid taint effect: ${effect}, unsupported taint effect`);
  }
  const key = spec.includes(':') ? (pair.split('=')[0] ?? '') : spec;
  if (!QUALIFIED_NAME.test(key)) throw fail(`invalid taint spec: ${spec}, ${ERR_QUALIFIED_NAME}`);
  if (needsEffect && effect === '') throw fail(`invalid taint spec: ${spec}`);
  return { key, effect };
}
