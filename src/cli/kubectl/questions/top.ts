// `kubectl top` on a cluster whose metrics are known.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/top (top_node.go, top_pod.go), Kubernetes v1.36.3.
import { type NodeMetrics, type PodMetrics, topNodesTable, topPodsTable } from '../../../report/kubectl/top-output.ts';
import type { Node } from '../../../schema/generated/types/core-v1.ts';
import { parseSelector, type Selector } from '../../../selectors/label-selector.ts';
import { namespaceOf, type ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, notFound, type Output } from '../outcome.ts';
import type { ServedResource } from '../resources.ts';
import { surroundingsOf } from './describe.ts';

const ERR_NOT_AVAILABLE = 'Metrics API not available';
const ERR_NO_METRICS = 'metrics not available yet';
const ERR_SORT_BY = '--sort-by accepts only cpu or memory';

const metricsResource = (kind: string, plural: string, namespaced: boolean): ServedResource => ({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind,
  plural,
  singular: '',
  shortNames: [],
  categories: [],
  namespaced,
  verbs: ['get', 'list'],
});
const NODE_METRICS = metricsResource('NodeMetrics', 'nodes', false);
const POD_METRICS = metricsResource('PodMetrics', 'pods', true);

export function top(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const [what = '', name, ...more] = given.arguments;
  const isNodes = ['node', 'nodes', 'no'].includes(what);
  if (!isNodes && !['pod', 'pods', 'po'].includes(what))
    throw new KubectlError(`unknown command "${what}" for "kubectl top"`);
  if (more.length > 0) throw new KubectlError(`${isNodes ? 'node' : 'pod'} [NAME | -l label]`);
  const sortBy = given.value('sort-by') ?? '';
  if (sortBy !== '' && sortBy !== 'cpu' && sortBy !== 'memory') throw new KubectlError(ERR_SORT_BY);
  const selector = selectorOf(given.value('selector') ?? '');
  const isSelecting = Boolean(given.value('selector')) || Boolean(given.value('field-selector'));
  if (name !== undefined && isSelecting) {
    throw new KubectlError(`only one of NAME or ${isNodes ? '--selector' : 'selector'} can be provided`);
  }
  const { view } = context;
  if (view.list(NODE_METRICS).length === 0 && view.list(POD_METRICS).length === 0) {
    throw new KubectlError(ERR_NOT_AVAILABLE);
  }
  if (isNodes) topNodes(given, context, output, name, selector);
  else topPods(given, context, output, name, selector);
}

function selectorOf(text: string): Selector {
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new KubectlError(parsed.error);
  return parsed.value;
}

function topNodes(
  given: ParsedArguments,
  context: KubectlContext,
  output: Output,
  name: string | undefined,
  selector: Selector,
): void {
  // Metrics are read as they were written down.
  const all = context.view.list(NODE_METRICS) as readonly NodeMetrics[];
  const metrics = all.filter(({ metadata }) =>
    name !== undefined ? metadata.name === name : selector.matches(metadata.labels),
  );
  if (name !== undefined && metrics.length === 0) throw notFound('nodes.metrics.k8s.io', name);
  if (metrics.length === 0) throw new KubectlError(ERR_NO_METRICS);
  const nodes = surroundingsOf(context, false)
    .list<Node>('Node')
    .filter(({ metadata }) => (name !== undefined ? metadata.name === name : selector.matches(metadata.labels)));
  if (name !== undefined && nodes.length === 0) throw notFound('nodes', name);
  const available = new Map(
    nodes.map(({ metadata, status }) => {
      const amounts = given.flag('show-capacity') ? status.capacity : status.allocatable;
      return [metadata.name ?? '', amounts ?? {}] as const;
    }),
  );
  const options = { noHeaders: given.flag('no-headers'), sortBy: given.value('sort-by') ?? '' };
  output.stdout += topNodesTable(metrics, available, options);
}

function topPods(
  given: ParsedArguments,
  { view }: KubectlContext,
  output: Output,
  name: string | undefined,
  selector: Selector,
): void {
  const withNamespace = given.flag('all-namespaces');
  const all = view.list(POD_METRICS, withNamespace ? undefined : namespaceOf(given)) as readonly PodMetrics[];
  const metrics = all.filter(({ metadata }) =>
    name !== undefined ? metadata.name === name : selector.matches(metadata.labels),
  );
  if (name !== undefined && metrics.length === 0) throw notFound('pods.metrics.k8s.io', name);
  if (metrics.length === 0) {
    output.stderr += withNamespace
      ? 'No resources found\n'
      : `No resources found in ${namespaceOf(given)} namespace.\n`;
    return;
  }
  output.stdout += topPodsTable(metrics, {
    noHeaders: given.flag('no-headers'),
    sortBy: given.value('sort-by') ?? '',
    withNamespace,
    containers: given.flag('containers'),
    sum: given.flag('sum'),
  });
}
