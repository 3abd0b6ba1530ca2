// `kubectl wait` on a cluster that stands still: what is not so now will not become so.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/wait, Kubernetes v1.36.3.
import { isMap } from '../../../apimachinery/json.ts';
import { relaxedJsonPath } from '../../../report/kubectl/custom-columns.ts';
import { goText } from '../../../report/kubectl/go-value.ts';
import { findResults } from '../../../report/kubectl/jsonpath/evaluate.ts';
import { JsonPathError } from '../../../report/kubectl/jsonpath/parser.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output, throwAll } from '../outcome.ts';
import { kindText } from '../resources.ts';
import type { Found } from '../select-objects.ts';
import { selectForVerb } from '../verbs/verb-selection.ts';

export function wait(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const goal = given.value('for') ?? '';
  const selection = selectForVerb(given, context, given.arguments);
  const isDeletion = goal.toLowerCase() === 'delete';
  const failures: Error[] = [];
  // The first that is not so takes all the time there is, unless nothing is waited for.
  const isPatient = !/^0[a-z]*$/.test(given.value('timeout') ?? '30s');
  for (const found of selection.found) {
    if (!isDeletion && !(isPatient && failures.length > 0) && isMet(found, goal)) {
      output.stdout += `${kindText(found.resource)}/${found.object.metadata.name} condition met\n`;
    } else {
      const { resource, object } = found;
      failures.push(
        new KubectlError(`timed out waiting for the condition on ${resource.plural}/${object.metadata.name}`),
      );
    }
  }
  throwAll([...failures, ...(isDeletion ? [] : selection.errors)]);
}

function isMet({ object }: Found, goal: string): boolean {
  if (goal === 'create') return true;
  const equals = goal.indexOf('=');
  const kind = goal.slice(0, equals);
  const rest = goal.slice(equals + 1);
  if (kind === 'condition') {
    const [type = '', status = 'true'] = rest.split('=');
    const state = 'status' in object ? object.status : undefined;
    const conditions = isMap(state) && Array.isArray(state['conditions']) ? state['conditions'] : [];
    return conditions.some(
      (condition) =>
        isMap(condition) &&
        String(condition['type']).toLowerCase() === type.toLowerCase() &&
        String(condition['status']).toLowerCase() === status.toLowerCase(),
    );
  }
  if (kind !== 'jsonpath') throw new KubectlError(`unrecognized condition: ${JSON.stringify(goal)}`);
  const end = rest.lastIndexOf('}');
  const value = rest.slice(end + 1).replace(/^=/, '');
  try {
    const [found] = findResults(relaxedJsonPath(rest.slice(0, end + 1)), object).flat();
    return found !== undefined && (value === '' || goText(found) === value);
  } catch (error) {
    if (error instanceof JsonPathError) throw new KubectlError(error.message);
    throw error;
  }
}
