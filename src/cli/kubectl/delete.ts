// What `kubectl delete` says; nothing is deleted here.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go, Kubernetes v1.36.3.
import type { FlagSpecs, ParsedArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { checkNamed, dryRunSuffix, VERB_FLAGS, verbQuestion } from './dry-run.ts';
import { KubectlError, type Output } from './outcome.ts';
import { kindText } from './resources.ts';
import { selectObjects } from './select-objects.ts';

export const DELETE_FLAGS: FlagSpecs = {
  ...VERB_FLAGS,
  force: { kind: 'flag' },
  'grace-period': { kind: 'value' },
  now: { kind: 'flag' },
  wait: { kind: 'flag' },
  'ignore-not-found': { kind: 'flag' },
  cascade: { kind: 'value', bare: 'background' },
  timeout: { kind: 'value' },
};

const WARN_FORCE =
  'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n';
const WARN_CLUSTER_SCOPED = 'Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n';

export function deleteObjects(given: ParsedArguments, { view }: KubectlContext, output: Output): void {
  if (given.arguments.length === 0)
    throw new KubectlError('You must provide one or more resources by argument or filename.');
  const selection = selectObjects(view, verbQuestion(given, given.arguments));
  checkNamed(given, selection.resources);
  const isForced = given.flag('force') && given.value('grace-period') === '0';
  if (isForced) output.stderr += WARN_FORCE;
  output.stderr += selection.warnings.join('');
  const isOutsideNamespace = given.has('namespace') && selection.found.some(({ resource }) => !resource.namespaced);
  if (isOutsideNamespace) output.stderr += WARN_CLUSTER_SCOPED;
  for (const { resource, object } of selection.found) {
    const kind = kindText(resource);
    const { name, namespace } = object.metadata;
    const from = resource.namespaced ? ` from ${namespace} namespace` : '';
    output.stdout +=
      given.value('output') === 'name'
        ? `${kind}/${name}\n`
        : `${kind} "${name}" ${isForced ? 'force ' : ''}deleted${from}${dryRunSuffix(given)}\n`;
  }
  const errors = selection.errors.filter(({ reason }) => reason !== 'NotFound' || !given.flag('ignore-not-found'));
  for (const error of errors) output.fail(error);
  if (selection.found.length === 0 && selection.errors.length === 0) output.stdout += 'No resources found\n';
}
