// kubeplan describe: what kubectl would print, and for one Service also where its traffic goes from each node.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { LABEL_SERVICE_NAME } from '../../../apimachinery/well-known/labels.ts';
import { trafficLines } from '../../../planner/proxy/traffic-text.ts';
import type { Node, Service } from '../../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import { namespaceOf, type ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import type { Output } from '../outcome.ts';
import { selectObjects } from '../select-objects.ts';
import { describe, surroundingsOf } from './describe.ts';

export function describeWithTraffic(given: ParsedArguments, context: KubectlContext, output: Output): void {
  describe(given, context, output);
  const service = onlyService(given, context);
  if (!service) return;
  const { list } = surroundingsOf(context, false);
  const { name, namespace = 'default' } = service.metadata;
  const slices = list<EndpointSlice & KubeObject>('EndpointSlice.discovery.k8s.io', namespace).filter(
    ({ metadata }) => metadata.labels?.[LABEL_SERVICE_NAME] === name,
  );
  const lines = trafficLines(service, slices, list<Node>('Node'));
  if (lines.length > 0) output.stdout += ['Traffic:', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function onlyService(given: ParsedArguments, { view }: KubectlContext): Service | undefined {
  const { found } = selectObjects(view, {
    words: given.arguments,
    namespace: namespaceOf(given),
    allNamespaces: given.flag('all-namespaces'),
    labelSelector: given.value('selector') ?? '',
    fieldSelector: '',
  });
  const [first] = found;
  const isService = found.length === 1 && first?.resource.kind === 'Service' && first.resource.group === '';
  return isService ? (first.object as Service) : undefined;
}
