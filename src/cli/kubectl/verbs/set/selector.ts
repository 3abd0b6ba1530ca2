// `kubectl set selector`: which pods a service means.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_selector.go, Kubernetes v1.36.3.
import { type LabelSelectorRequirement, parseToLabelSelector } from '../../../../selectors/label-selector.ts';
import type { ParsedArguments } from '../../arguments.ts';
import type { KubectlContext } from '../../context.ts';
import { KubectlError, type Output } from '../../outcome.ts';
import { type MutableJson, mutated } from '../mutated-patch.ts';
import { VerbRun } from '../requests.ts';
import { selectForVerb, visitFound } from '../verb-selection.ts';

const ERR_NOT_A_SERVICE = 'setting a selector is only supported for Services';

export function setSelector(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const words = given.arguments.slice(1);
  const text = words.at(-1);
  if (text === undefined) throw new KubectlError('one selector is required');
  const parsed = parseToLabelSelector(text);
  if (!parsed.ok) throw new KubectlError(parsed.error);
  const { matchLabels = {}, matchExpressions = [] } = parsed.value;
  const run = new VerbRun(given, context, output, { isTyped: true });
  const selection = selectForVerb(given, context, words.slice(0, -1));
  output.warnLines(selection.warnings);
  const version = given.value('resource-version');
  visitFound(selection, (found) => {
    const { after, kind, patch } = mutated(found, run, (object) => {
      if (found.resource.kind !== 'Service' || found.resource.group !== '') throw new KubectlError(ERR_NOT_A_SERVICE);
      if (matchExpressions.length > 0)
        throw new KubectlError(
          `match expression [${matchExpressions.map(requirementText).join(' ')}] not supported on this object`,
        );
      // A service that the API server holds has a spec.
      (object['spec'] as MutableJson)['selector'] = { ...matchLabels };
    });
    const sent = version ? { ...patch, metadata: { resourceVersion: version } } : patch;
    run.printTyped(
      run.isClientOnly ? after : run.patch(found, kind, sent, { manager: 'kubectl-set' }),
      'selector updated',
    );
  });
}

/** As Go prints the struct. */
function requirementText({ key, operator, values = [] }: LabelSelectorRequirement): string {
  return `{${key} ${operator} [${values.join(' ')}]}`;
}
