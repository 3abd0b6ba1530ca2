// `kubectl cordon`, `uncordon` and `drain`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/drain and pkg/drain, Kubernetes v1.36.3.
// Differs: an eviction that a disruption budget refuses is not tried again; drain says so and fails.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { CONFIG_MIRROR } from '../../../apimachinery/well-known/annotations.ts';
import { ApiFailure } from '../../../planner/apply/kubectl/failures.ts';
import type { DaemonSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { parseSelector } from '../../../selectors/label-selector.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { isFailure, KubectlError, type Output, throwAll, usageError } from '../outcome.ts';
import { surroundingsOf } from '../questions/describe.ts';
import type { Found } from '../select-objects.ts';
import { VerbRun } from './requests.ts';
import { integerFlag } from './scale.ts';
import { selectForVerb } from './verb-selection.ts';

const ALREADY_GONE = new Set(['Succeeded', 'Failed']);

/** What kubectl waits before it tries a refused eviction again. */
const RETRY_MILLIS = 5000;
/** Rounds of evictions after which a drain counts as stuck: half an hour. */
const MAX_ROUNDS = 360;

function nodesNamed(verb: string, run: VerbRun): readonly Found[] {
  const { given, context } = run;
  const { arguments: args } = given;
  if (args.length === 0 && !given.has('selector')) throw usageError(verb, `USAGE: ${verb} NODE [flags]`);
  if (args.length > 0 && given.has('selector'))
    throw usageError(verb, 'error: cannot specify both a node name and a --selector option');
  const words = args.some((word) => word.includes('/')) ? args : ['nodes', ...args];
  const { found, errors } = selectForVerb(given, context, words);
  throwAll(errors);
  return found;
}

function cordonNodes(nodes: readonly Found[], isWanted: boolean, run: VerbRun): void {
  const word = isWanted ? 'cordoned' : 'uncordoned';
  for (const found of nodes) {
    // Only nodes are looked up here.
    const isCordoned = (found.object as Node).spec.unschedulable ?? false;
    const isDone = isCordoned === isWanted;
    if (!isDone && !run.isClientOnly) run.patch(found, 'strategic', { spec: { unschedulable: isWanted || null } });
    run.printer.print(found.object, isDone ? `already ${word}` : word);
  }
}

export function cordon(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const run = new VerbRun(given, context, output);
  cordonNodes(nodesNamed('cordon', run), true, run);
}

export function uncordon(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const run = new VerbRun(given, context, output);
  cordonNodes(nodesNamed('uncordon', run), false, run);
}

export function drain(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const run = new VerbRun(given, context, output);
  const nodes = nodesNamed('drain', run);
  cordonNodes(nodes, true, run);
  const failures: { readonly node: string; readonly error: string }[] = [];
  for (const found of nodes) {
    const name = found.object.metadata.name ?? '';
    const { pods, warnings, errors } = podsToDelete(name, given, context);
    if (errors.length === 0) {
      if (warnings !== '') output.stderr += `Warning: ${warnings}\n`;
      errors.push(...remove(pods, run));
      if (errors.length === 0) {
        run.printer.print(found.object, 'drained');
        continue;
      }
    }
    const error = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`;
    output.stderr += `error: unable to drain node "${name}" due to error: ${error}, continuing command...\n`;
    failures.push({ node: name, error });
  }
  if (failures.length === 0) return;
  output.stderr += `There are pending nodes to be drained:\n${failures.map(({ node }) => ` ${node}\n`).join('')}`;
  for (const { error } of failures) output.fail(new KubectlError(error, { isBare: true }));
}

/** Evicts or deletes the pods of a node; answers what it could not do. */
function remove(pods: readonly Pod[], run: VerbRun): readonly string[] {
  const { output, given } = run;
  const grace = integerFlag(given, 'grace-period', -1);
  const isEvicting = !given.flag('disable-eviction');
  if (run.isClientOnly) {
    for (const pod of pods) output.print(`evicting pod ${placeOf(pod)} (dry run)\n`);
    return [];
  }
  return isEvicting ? evict(pods, grace, run) : deletePods(pods, grace, run);
}

function evict(pods: readonly Pod[], grace: number, run: VerbRun): readonly string[] {
  const { output, context } = run;
  const isDryRun = run.dryRun === 'server';
  const errors: string[] = [];
  let left = pods;
  for (let round = 0; left.length > 0; round++) {
    const refused: Pod[] = [];
    for (const pod of left) {
      output.print(`evicting pod ${placeOf(pod)}${isDryRun ? ' (server dry run)' : ''}\n`);
      const failure = evictOne(pod, grace, run);
      if (!failure) {
        if (!isDryRun) output.print(`pod/${pod.metadata.name} evicted\n`);
      } else if (failure.isRefused && context.wait && round < MAX_ROUNDS) {
        const again = `will retry after ${RETRY_MILLIS / 1000}s`;
        output.stderr += `error when evicting ${podText(pod)} (${again}): ${failure.text}\n`;
        refused.push(pod);
      } else errors.push(`error when evicting ${podText(pod)}: ${failure.text}`);
    }
    left = refused;
    if (left.length > 0) context.wait?.(RETRY_MILLIS);
  }
  return errors;
}

function evictOne(
  pod: Pod,
  grace: number,
  run: VerbRun,
): { readonly text: string; readonly isRefused: boolean } | undefined {
  const { namespace = '', name = '' } = pod.metadata;
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    ...(grace >= 0 ? { deleteOptions: { gracePeriodSeconds: grace } } : {}),
  };
  try {
    run.client.act({ mapping: podMapping(run), namespace, name }, 'eviction', body, run.dryRun === 'server');
    return undefined;
  } catch (error) {
    if (!isFailure(error)) throw error;
    const reason = error instanceof ApiFailure ? error.status.reason : '';
    return reason === 'NotFound' ? undefined : { text: error.message, isRefused: reason === 'TooManyRequests' };
  }
}

function deletePods(pods: readonly Pod[], grace: number, run: VerbRun): readonly string[] {
  const isDryRun = run.dryRun === 'server';
  for (const { metadata } of pods) {
    const { namespace = '', name = '' } = metadata;
    try {
      run.client.delete(
        { mapping: podMapping(run), namespace, name },
        {
          dryRun: isDryRun,
          ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
        },
      );
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (!(error instanceof ApiFailure && error.status.reason === 'NotFound')) return [error.message];
    }
  }
  if (!isDryRun) for (const { metadata } of pods) run.output.print(`pod/${metadata.name} deleted\n`);
  return [];
}

function podMapping(run: VerbRun): ReturnType<VerbRun['mapping']> {
  const resource = run.context.view.resources.byKind('v1', 'Pod');
  if (!resource) throw new KubectlError('the server doesn\'t have a resource type "pods"');
  return run.mapping(resource);
}

function placeOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function podText({ metadata }: Pod): string {
  return `pods/${goQuote(metadata.name ?? '')} -n ${goQuote(metadata.namespace ?? '')}`;
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
): { readonly pods: readonly Pod[]; readonly warnings: string; readonly errors: string[] } {
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
  if (pod.metadata.annotations?.[CONFIG_MIRROR] !== undefined) return { isDeleted: false };
  if (pod.spec.volumes?.some(({ emptyDir }) => emptyDir) && !given.flag('delete-emptydir-data')) {
    return { isDeleted: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' };
  }
  if (controller) return { isDeleted: true };
  if (given.flag('force')) return { isDeleted: true, warning: 'deleting Pods that declare no controller' };
  return { isDeleted: false, error: 'Pods that declare no controller (use --force to override)' };
}
