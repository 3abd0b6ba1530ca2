// `kubectl label` and `kubectl annotate`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/{label,annotate}, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { Json, JsonMap } from '../../../apimachinery/json.ts';
import { isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import type { Found } from '../select-objects.ts';
import { VerbRun } from './requests.ts';
import { selectForVerb, visitFound } from './verb-selection.ts';

type Texts = Readonly<Record<string, string>>;

interface Changes {
  readonly words: readonly string[];
  readonly set: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

export function label(given: ParsedArguments, context: KubectlContext, output: Output): void {
  change(given, context, output, 'label');
}

export function annotate(given: ParsedArguments, context: KubectlContext, output: Output): void {
  change(given, context, output, 'annotation');
}

type Field = 'label' | 'annotation';

function change(given: ParsedArguments, context: KubectlContext, output: Output, what: Field): void {
  const changes = parseChanges(given.arguments, what);
  if (changes.words.length === 0 && !given.has('filename')) {
    throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  if (changes.set.size + changes.removed.length === 0 && !given.flag('list')) {
    throw new KubectlError(`at least one ${what} update is required`);
  }
  if (given.flag('list') && given.value('output'))
    throw new KubectlError('--list and --output may not be specified together');
  for (const other of ['selector', 'field-selector'])
    if (given.flag('all') && given.value(other))
      throw new KubectlError(`cannot set --all and --${other} at the same time`);
  const run = new VerbRun(given, context, output, { opensLate: what === 'label' });
  const selection = selectForVerb(given, context, changes.words);
  output.warnLines(selection.warnings);
  visitFound(selection, (found) => changeOne(found, changes, what, selection.isSingle, run));
}

function changeOne(found: Found, changes: Changes, what: Field, isOne: boolean, run: VerbRun): void {
  const { given, output } = run;
  const { labels, annotations } = found.object.metadata;
  const texts = (what === 'label' ? labels : annotations) ?? {};
  const field = what === 'label' ? 'labels' : 'annotations';
  if (given.flag('list')) {
    checkTaken(texts, changes, what, given);
    const next = changedTexts(texts, changes);
    const lines = Object.keys(next)
      .sort(compareBytes)
      .map((key) => `${key}=${next[key]}\n`);
    if (isOne) output.print(lines.join(''));
    else {
      const { kind, group } = found.resource;
      const title = `Listing ${field} for ${kind}.${group}/${found.object.metadata.name}:\n`;
      output.print(title + lines.map((line) => ` ${line}`).join(''));
    }
    return;
  }
  const isLocal = run.isClientOnly || given.flag('local');
  if (what === 'label' && !isLocal) {
    const missing = changes.removed.filter((key) => !Object.hasOwn(texts, key));
    output.print(missing.map((key) => `label ${goQuote(key)} not found.\n`).join(''));
  }
  checkTaken(texts, changes, what, given);
  const operation = what === 'label' ? labelOperation(texts, changes) : 'annotated';
  const patch = mergePatch(texts, changes, field, given.value('resource-version') ?? '');
  if (isLocal || what === 'label') {
    const isSent = !isLocal && operation !== 'not labeled';
    if (isSent) run.patch(found, 'merge', patch, { manager: 'kubectl-label' });
    // Not what the server has made of it.
    run.printer.print(changedHere(run.onWire(found.object), texts, changes, field), operation);
    return;
  }
  run.printer.print(run.patch(found, 'merge', patch, { manager: 'kubectl-annotate' }), operation);
}

function changedHere(object: JsonMap, texts: Texts, changes: Changes, field: string): JsonMap {
  return { ...object, metadata: { ...(object['metadata'] as JsonMap), [field]: changedTexts(texts, changes) } };
}

function changedTexts(texts: Texts, { set, removed }: Changes): Texts {
  const next = { ...texts, ...Object.fromEntries(set) };
  for (const key of removed) delete next[key];
  return next;
}

/** Throws KubectlError where a value that is there would be replaced without --overwrite. */
function checkTaken(texts: Texts, changes: Changes, what: Field, given: ParsedArguments): void {
  const taken = given.flag('overwrite') ? [] : takenKeys(texts, changes);
  if (taken.length > 0) throw new KubectlError(takenText(taken, texts, what));
}

/** What differs, as a JSON merge patch. */
function mergePatch(texts: Texts, { set, removed }: Changes, field: string, version: string): JsonMap {
  const changed: Record<string, string | null> = {};
  for (const [key, value] of set) if (texts[key] !== value) changed[key] = value;
  for (const key of removed) if (Object.hasOwn(texts, key)) changed[key] = null;
  const metadata: Record<string, Json> = version === '' ? {} : { resourceVersion: version };
  if (Object.keys(changed).length > 0) metadata[field] = changed;
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}

function parseChanges(args: readonly string[], what: string): Changes {
  const words: string[] = [];
  const set = new Map<string, string>();
  const removed: string[] = [];
  for (const argument of args) {
    const equals = argument.indexOf('=');
    if (equals > 0) {
      const value = argument.slice(equals + 1);
      const errors = what === 'label' ? isValidLabelValue(value) : [];
      if (errors.length > 0) throw new KubectlError(`invalid label value: ${goQuote(argument)}: ${errors.join(';')}`);
      set.set(argument.slice(0, equals), value);
    } else if (argument.endsWith('-') && argument !== '-') removed.push(argument.slice(0, -1));
    else if (set.size + removed.length > 0) {
      throw new KubectlError(`all resources must be specified before ${what} changes: ${argument}`);
    } else words.push(argument);
  }
  if (removed.some((key) => set.has(key))) {
    const article = what === 'label' ? 'a label' : 'an annotation';
    throw new KubectlError(`can not both modify and remove ${article} in the same command`);
  }
  return { words, set, removed };
}

function takenKeys(texts: Texts, { set }: Changes): readonly string[] {
  return [...set].filter(([key, value]) => Object.hasOwn(texts, key) && texts[key] !== value).map(([key]) => key);
}

function takenText(keys: readonly string[], texts: Texts, what: string): string {
  const parts = keys.map((key) => `'${key}' already has a value (${texts[key]})`);
  if (what === 'label') return parts.map((part) => `${part}, and --overwrite is false`).join(', ');
  return `--overwrite is false but found the following declared annotation(s): ${parts.join('; ')}`;
}

function labelOperation(texts: Texts, { set, removed }: Changes): string {
  const isAdding = [...set].some(([key, value]) => texts[key] !== value);
  const isRemoving = removed.some((key) => Object.hasOwn(texts, key));
  if (isAdding) return isRemoving ? 'modified' : 'labeled';
  return isRemoving ? 'unlabeled' : 'not labeled';
}
