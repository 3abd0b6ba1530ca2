// `kubectl describe` on a cluster.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { DescribeError, type Surroundings } from '../../../report/kubectl/describe/describer.ts';
import { describerOf } from '../../../report/kubectl/describe/describers.ts';
import { namespaceOf, type ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output, throwAll } from '../outcome.ts';
import { type Found, type Question, selectObjects } from '../select-objects.ts';

const ERR_NO_TYPE =
  'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n';

export function describe(given: ParsedArguments, context: KubectlContext, output: Output): void {
  if (given.arguments.length === 0) throw new KubectlError(ERR_NO_TYPE);
  const question: Question = {
    words: given.arguments,
    namespace: namespaceOf(given),
    allNamespaces: given.flag('all-namespaces'),
    labelSelector: given.value('selector') ?? '',
    fieldSelector: '',
  };
  const selection = selectObjects(context.view, question);
  output.warnLines(selection.warnings);
  const isOne = selection.found.length <= 1 && selection.errors.length === 0;
  const showEvents = given.has('show-events') ? given.flag('show-events') : isOne;
  const around = surroundingsOf(context, showEvents);
  if (selection.errors.some(({ reason }) => reason === 'NotFound') && given.arguments.length === 2) {
    const matching = byPrefix(context, question);
    if (matching.length > 0) {
      output.stdout += matching.map((found) => `${textOf(found, around)}\n`).join('');
      return;
    }
  }
  const errors = [...selection.errors];
  const texts: string[] = [];
  for (const found of selection.found) {
    try {
      texts.push(textOf(found, around));
    } catch (error) {
      if (!(error instanceof DescribeError)) throw error;
      errors.push(new KubectlError(error.message));
    }
  }
  output.stdout += texts.join('\n\n');
  throwAll(errors);
  if (selection.found.length > 0) return;
  output.stderr += question.allNamespaces
    ? 'No resources found\n'
    : `No resources found in ${question.namespace} namespace.\n`;
}

function textOf({ resource, object }: Found, around: Surroundings): string {
  return describerOf(resource.group, resource.kind)(object, around);
}

/** `describe pod web` stands for every pod whose name begins so, when none is called so. */
function byPrefix({ view }: KubectlContext, question: Question): readonly Found[] {
  const [type = '', prefix = ''] = question.words;
  if (type.includes('/')) return [];
  const { found } = selectObjects(view, { ...question, words: [type] });
  return found.filter(({ object }) => object.metadata.name?.startsWith(prefix));
}

export function surroundingsOf({ view, now }: KubectlContext, showEvents: boolean): Surroundings {
  return {
    now,
    showEvents,
    list: <T extends KubeObject>(kind: string, namespace?: string) => {
      const dot = kind.indexOf('.');
      const group = dot < 0 ? '' : kind.slice(dot + 1);
      const name = dot < 0 ? kind : kind.slice(0, dot);
      const resource = view.resources.all.find((r) => r.group === group && r.kind === name);
      // The describer names the kind together with its type.
      return (resource ? view.list(resource, namespace) : []) as unknown as readonly T[];
    },
  };
}
