// `kubectl delete` of objects that arguments name; those in files are deleted by planner/apply/kubectl.
// Differs: nothing is waited for: an object with finalizers stays until a controller removes them.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go, Kubernetes v1.36.3.
import { ApiFailure } from '../../../planner/apply/kubectl/failures.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import { kindText } from '../resources.ts';
import type { Found } from '../select-objects.ts';
import { VerbRun } from './requests.ts';
import { integerFlag } from './scale.ts';
import { ERR_NOTHING_NAMED, selectForVerb, visitFound } from './verb-selection.ts';

const WARN_FORCE =
  'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n';
const WARN_CLUSTER_SCOPED = 'Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n';

const ERR_ALL_AND_SELECTOR = "setting 'all' parameter but found a non empty selector. ";
const ERR_FORCE = '--force and --grace-period greater than 0 cannot be specified together';
const ERR_NOW = '--now and --grace-period cannot be specified together';
const POLICIES = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' } as const;

export function deleteObjects(given: ParsedArguments, context: KubectlContext, output: Output): void {
  if (given.flag('all') && given.has('selector')) throw new KubectlError(ERR_ALL_AND_SELECTOR);
  const format = given.value('output') ?? '';
  if (format !== '' && format !== 'name')
    throw new KubectlError(`unexpected -o output mode: ${format}. We only support '-o name'`);
  if (given.arguments.length === 0) throw new KubectlError(ERR_NOTHING_NAMED);
  const graceGiven = integerFlag(given, 'grace-period', -1);
  if (given.flag('now') && given.has('grace-period') && graceGiven !== -1) throw new KubectlError(ERR_NOW);
  if (given.flag('force') && graceGiven > 0) throw new KubectlError(ERR_FORCE);
  const isForced = given.flag('force') && graceGiven <= 0;
  const grace = isForced ? 0 : given.flag('now') ? 1 : graceGiven === 0 ? 1 : graceGiven;
  const policy = policyOf(given.value('cascade') ?? 'background');
  // -o is of its own kind here: the printer has nothing to do with it.
  const run = new VerbRun(given, context, output);
  const selection = selectForVerb(given, context, given.arguments, {
    allSelects: true,
    takesUnknownNames: run.isClientOnly,
  });
  if (isForced) output.stderr += WARN_FORCE;
  output.warnLines(selection.warnings);
  const isOutsideNamespace = given.has('namespace') && selection.found.some(({ resource }) => !resource.namespaced);
  if (isOutsideNamespace) output.stderr += WARN_CLUSTER_SCOPED;
  const isSelecting = given.flag('all') || given.has('selector') || given.has('field-selector');
  const ignores = given.has('ignore-not-found') ? given.flag('ignore-not-found') : isSelecting;
  const errors = selection.errors.filter(({ reason }) => reason !== 'NotFound' || !ignores);
  const isNothing = selection.found.length === 0 && selection.errors.length === 0;
  visitFound({ ...selection, errors }, (found) => {
    const { namespace = '', name = '' } = found.object.metadata;
    if (!run.isClientOnly) {
      try {
        run.client.delete(
          { mapping: run.mapping(found.resource), namespace, name },
          {
            dryRun: run.dryRun === 'server',
            propagationPolicy: policy,
            ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
          },
        );
      } catch (error) {
        if (!(error instanceof ApiFailure && error.status.reason === 'NotFound' && ignores)) throw error;
        return;
      }
    }
    output.print(deletedLine(found, isForced, run));
  });
  if (isNothing) output.print('No resources found\n');
}

function policyOf(cascade: string): (typeof POLICIES)[keyof typeof POLICIES] {
  if (cascade === 'true' || cascade === 'background') return POLICIES.background;
  if (cascade === 'false' || cascade === 'orphan') return POLICIES.orphan;
  if (cascade === 'foreground') return POLICIES.foreground;
  throw new KubectlError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
}

function deletedLine({ resource, object }: Found, isForced: boolean, { given, dryRun }: VerbRun): string {
  const kind = kindText(resource);
  const { name, namespace } = object.metadata;
  if (given.value('output') === 'name') return `${kind}/${name}\n`;
  const suffix = dryRun === 'none' ? '' : dryRun === 'client' ? ' (dry run)' : ' (server dry run)';
  const from = resource.namespaced ? ` from ${namespace} namespace` : '';
  return `${kind} "${name}" ${isForced ? 'force ' : ''}deleted${from}${suffix}\n`;
}
