// What the verbs that change something have in common: dry runs and the line that says what was done.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/name.go, Kubernetes v1.36.3.
import type { FlagSpecs, ParsedArguments } from './arguments.ts';
import { COMMON_FLAGS } from './arguments.ts';
import { namespaceOf } from './get.ts';
import { KubectlError } from './outcome.ts';
import { kindText } from './resources.ts';
import type { Found, Question } from './select-objects.ts';

export const VERB_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  'dry-run': { kind: 'value', bare: 'unchanged' },
  output: { kind: 'value', short: 'o' },
  selector: { kind: 'value', short: 'l' },
  'field-selector': { kind: 'value' },
  all: { kind: 'flag' },
  'all-namespaces': { kind: 'flag', short: 'A' },
  filename: { kind: 'list', short: 'f' },
};

const ERR_NO_NAME = 'resource(s) were provided, but no name was specified';

export function dryRunSuffix(given: ParsedArguments): string {
  const strategy = given.value('dry-run');
  if (strategy === 'server') return ' (server dry run)';
  return strategy === 'client' ? ' (dry run)' : '';
}

/** `deployment.apps/web scaled`, or the name alone with -o name. */
export function doneLine({ resource, object }: Found, operation: string, given: ParsedArguments): string {
  const name = `${kindText(resource)}/${object.metadata.name}`;
  return given.value('output') === 'name' ? `${name}\n` : `${name} ${operation}${dryRunSuffix(given)}\n`;
}

/** Throws KubectlError where neither names nor selectors say which objects are meant. */
export function verbQuestion(given: ParsedArguments, words: readonly string[]): Question {
  if (given.has('filename')) throw new KubectlError('reading files is not built in kubeplan for this command');
  const labelSelector = given.value('selector') ?? '';
  const isNamed = words.length > 1 || words.some((word) => word.includes('/'));
  if (given.flag('all') && isNamed) throw new KubectlError('name cannot be provided when a selector is specified');
  return {
    words,
    namespace: namespaceOf(given),
    allNamespaces: given.flag('all-namespaces'),
    labelSelector,
    fieldSelector: given.value('field-selector') ?? '',
  };
}

/** Throws KubectlError for a type alone, which only --all or a selector makes complete. */
export function checkNamed(given: ParsedArguments, resources: readonly unknown[]): void {
  const isSelecting = given.flag('all') || given.has('selector') || given.has('field-selector');
  if (resources.length > 0 && !isSelecting) throw new KubectlError(ERR_NO_NAME);
}
