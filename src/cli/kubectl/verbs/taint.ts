// `kubectl taint`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/taint, Kubernetes v1.36.3.
import type { Json } from '../../../apimachinery/json.ts';
import { isQualifiedName, isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import type { Node, Taint } from '../../../schema/generated/types/core-v1.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output, throwAll } from '../outcome.ts';
import type { Found } from '../select-objects.ts';
import { VerbRun } from './requests.ts';
import { selectForVerb, visitFound } from './verb-selection.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

interface TaintSpec {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

export function taint(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const isSpec = (word: string): boolean => /[=:]/.test(word) || word.endsWith('-');
  const words = given.arguments.filter((word) => !isSpec(word));
  const specs = given.arguments.filter(isSpec);
  if (words.length === 0)
    throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (specs.length === 0) throw new KubectlError('at least one taint update is required');
  const added = specs.filter((spec) => !spec.endsWith('-')).map((spec) => parseTaint(spec, true));
  const removed = specs.filter((spec) => spec.endsWith('-')).map((spec) => parseTaint(spec.slice(0, -1), false));
  const match = context.view.resources.find(words[0]!);
  if (match && match.resource.kind !== 'Node') {
    throw new KubectlError(`invalid resource type ${words[0]!.toLowerCase()}, only node types are supported`);
  }
  if (words.length < 2 && !given.flag('all') && !given.has('selector')) {
    throw new KubectlError("at least one resource name must be specified since 'all' parameter is not set");
  }
  // kubectl does not say here that it was a dry run.
  const run = new VerbRun(given, context, output, { tellsDryRun: false, isTyped: true });
  visitFound(selectForVerb(given, context, words), (found) => taintNode(found, { added, removed }, run));
}

interface Changes {
  readonly added: readonly TaintSpec[];
  readonly removed: readonly TaintSpec[];
}

function taintNode(found: Found, { added, removed }: Changes, run: VerbRun): void {
  // Only nodes are tainted.
  const old = (found.object as Node).spec.taints ?? [];
  const isOverwriting = run.given.flag('overwrite');
  const taken = added.flatMap((spec) => old.filter((one) => isSame(spec, one)).map(({ key }) => key));
  if (taken.length > 0 && !isOverwriting) {
    const keys = taken.join(',');
    throw new KubectlError(
      `node ${found.object.metadata.name} already has ${keys} taint(s) with same effect(s) and --overwrite is false`,
    );
  }
  const kept = old.filter((one) => !added.some((spec) => isSame(spec, one)));
  let next: readonly Taint[] = [...added.map(taintOf), ...kept];
  const isAdding = next.length !== old.length;
  const missing: TaintSpec[] = [];
  let isRemoving = false;
  for (const spec of removed) {
    const left = next.filter(({ key, effect }) => key !== spec.key || (spec.effect !== '' && effect !== spec.effect));
    isRemoving = left.length !== next.length;
    if (!isRemoving) missing.push(spec);
    next = left;
  }
  throwAll(
    missing.map(({ key, effect }) => new KubectlError(`taint "${effect === '' ? key : `${key}:${effect}`}" not found`)),
  );
  const operation = (isAdding && isRemoving) || isOverwriting ? 'modified' : isAdding ? 'tainted' : 'untainted';
  if (run.isClientOnly) {
    const object = run.onWire(found.object);
    // Taints are JSON.
    const taints = next as unknown as Json;
    run.printTyped({ ...object, spec: { ...(object['spec'] as object), taints } }, operation);
    return;
  }
  const patch = { spec: { taints: next.length > 0 ? (next as unknown as Json) : null } };
  run.printTyped(
    run.patch(found, 'strategic', patch, { manager: 'kubectl-taint', fieldValidation: run.validation }),
    operation,
  );
}

function isSame({ key, effect }: TaintSpec, taint: Taint): boolean {
  return key === taint.key && effect === taint.effect;
}

function taintOf({ key, value, effect }: TaintSpec): Taint {
  return { key, ...(value === '' ? {} : { value }), effect };
}

function parseTaint(spec: string, needsEffect: boolean): TaintSpec {
  const fail = (message: string): KubectlError =>
    new KubectlError(`${message}\nSee 'kubectl taint -h' for help and examples`);
  const [pair = '', effect = '', ...more] = spec.split(':');
  if (more.length > 0) throw fail(`invalid taint spec: ${spec}`);
  if (spec.includes(':') && !EFFECTS.includes(effect)) {
    throw fail(`invalid taint effect: ${effect}, unsupported taint effect`);
  }
  const [head = '', value = '', ...others] = spec.includes(':') ? pair.split('=') : [spec];
  if (others.length > 0) throw fail(`invalid taint spec: ${spec}`);
  const wrong = value === '' ? [] : isValidLabelValue(value);
  if (wrong.length > 0) throw fail(`invalid taint spec: ${spec}, ${wrong.join('; ')}`);
  const key = head;
  const errors = isQualifiedName(key);
  if (errors.length > 0) throw fail(`invalid taint spec: ${spec}, ${errors.join('; ')}`);
  if (needsEffect && effect === '') throw fail(`invalid taint spec: ${spec}`);
  return { key, value, effect };
}
