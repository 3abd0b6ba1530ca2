// What `kubectl set image` says; nothing is written here.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go, Kubernetes v1.36.3.
// Differs: warnings of the API server are not repeated; the other subcommands of set are not built.
import { goQuote } from '../../apimachinery/go-quote.ts';
import { goText } from '../../report/kubectl/go-value.ts';
import { findResults } from '../../report/kubectl/jsonpath/evaluate.ts';
import type { FlagSpecs, ParsedArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { checkNamed, doneLine, VERB_FLAGS, verbQuestion } from './dry-run.ts';
import { KubectlError, type Output } from './outcome.ts';
import { selectObjects } from './select-objects.ts';

export const SET_FLAGS: FlagSpecs = { ...VERB_FLAGS, local: { kind: 'flag' } };

const POD_SPECS: Readonly<Record<string, string>> = { Pod: '.spec', CronJob: '.spec.jobTemplate.spec.template.spec' };

export function set(given: ParsedArguments, { view }: KubectlContext, output: Output): void {
  const [what = '', ...rest] = given.arguments;
  if (what !== 'image') throw new KubectlError(`kubectl set ${what} is not built in kubeplan`);
  const words = rest.filter((word) => !word.includes('='));
  const images = rest.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]);
  if (words.length === 0) {
    throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  if (images.length === 0) throw new KubectlError('at least one image update is required');
  const selection = selectObjects(view, verbQuestion(given, words));
  checkNamed(given, selection.resources);
  for (const found of selection.found) {
    const spec = POD_SPECS[found.resource.kind] ?? '.spec.template.spec';
    const valuesOf = (field: string): readonly string[] =>
      ['containers', 'initContainers'].flatMap((list) =>
        findResults(`{${spec}.${list}[*].${field}}`, found.object).flat().map(goText),
      );
    const names = valuesOf('name');
    const missing = images.filter(([name]) => name !== '*' && !names.includes(name));
    for (const [name] of missing) output.fail(new KubectlError(`unable to find container named ${goQuote(name)}`));
    if (missing.length > 0) continue;
    const current = valuesOf('image');
    const isChange = names.some((name, i) => {
      const image = images.findLast(([of]) => of === '*' || of === name)?.[1];
      return image !== undefined && image !== current[i];
    });
    if (isChange) output.stdout += doneLine(found, 'image updated', given);
  }
  for (const error of selection.errors) output.fail(error);
}
