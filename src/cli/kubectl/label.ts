// What `kubectl label` and `kubectl annotate` say; nothing is written here.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/{label,annotate}, Kubernetes v1.36.3.
// Differs: what the API server would say of an invalid key is not repeated.
import { compareBytes } from '../../apimachinery/go-json.ts';
import { goQuote } from '../../apimachinery/go-quote.ts';
import type { FlagSpecs, ParsedArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { checkNamed, doneLine, VERB_FLAGS, verbQuestion } from './dry-run.ts';
import { KubectlError, type Output } from './outcome.ts';
import { selectObjects } from './select-objects.ts';

export const LABEL_FLAGS: FlagSpecs = {
  ...VERB_FLAGS,
  overwrite: { kind: 'flag' },
  list: { kind: 'flag' },
  'resource-version': { kind: 'value' },
};

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

function change(given: ParsedArguments, { view }: KubectlContext, output: Output, what: 'label' | 'annotation'): void {
  const changes = parseChanges(given.arguments, what);
  if (changes.words.length === 0) {
    throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  if (changes.set.size + changes.removed.length === 0 && !given.flag('list')) {
    throw new KubectlError(`at least one ${what} update is required`);
  }
  const selection = selectObjects(view, verbQuestion(given, changes.words));
  checkNamed(given, selection.resources);
  output.stderr += selection.warnings.join('');
  for (const found of selection.found) {
    const { labels, annotations } = found.object.metadata;
    const texts = (what === 'label' ? labels : annotations) ?? {};
    if (given.flag('list')) {
      for (const key of Object.keys(texts).sort(compareBytes)) output.stdout += `${key}=${texts[key]}\n`;
      continue;
    }
    const taken = given.flag('overwrite') ? [] : takenKeys(texts, changes);
    if (taken.length > 0) {
      output.fail(new KubectlError(takenText(taken, texts, what)));
      continue;
    }
    if (what === 'label' && given.value('dry-run') !== 'client') {
      const missing = changes.removed.filter((key) => !Object.hasOwn(texts, key));
      output.stdout += missing.map((key) => `label ${goQuote(key)} not found.\n`).join('');
    }
    output.stdout += doneLine(found, what === 'label' ? labelOperation(texts, changes) : 'annotated', given);
  }
  for (const error of selection.errors) output.fail(error);
}

function parseChanges(args: readonly string[], what: string): Changes {
  const words: string[] = [];
  const set = new Map<string, string>();
  const removed: string[] = [];
  for (const argument of args) {
    const equals = argument.indexOf('=');
    if (equals > 0) set.set(argument.slice(0, equals), argument.slice(equals + 1));
    else if (argument.endsWith('-') && argument !== '-') removed.push(argument.slice(0, -1));
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
