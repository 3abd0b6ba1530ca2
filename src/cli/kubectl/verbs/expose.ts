// `kubectl expose`: a service for what an object selects.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go and pkg/polymorphichelpers, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { parseIntOrString } from '../../../apimachinery/int-or-string.ts';
import type { JsonMap } from '../../../apimachinery/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { annotatedConfiguration } from '../../../planner/apply/kubectl/patching/last-applied-configuration.ts';
import type { Deployment } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod, PodSpec, ReplicationController, Service } from '../../../schema/generated/types/core-v1.ts';
import type { LabelSelectorRequirement } from '../../../selectors/label-selector.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import type { Found } from '../select-objects.ts';
import { overridden } from './overrides.ts';
import { encoded, VerbRun } from './requests.ts';
import { parseLabels } from './run.ts';
import { selectForVerb, visitFound } from './verb-selection.ts';

const EXPOSABLE = new Set(['ReplicationController', 'Service', 'Pod', 'Deployment.apps', 'ReplicaSet.apps']);
const MAX_NAME = 63;

export function expose(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const run = new VerbRun(given, context, output, { isTyped: true });
  // What -l gives are labels of the service, and --selector its selector.
  const selection = selectForVerb(withoutSelector(given), context, given.arguments);
  output.warnLines(selection.warnings);
  visitFound(selection, (found) => {
    const service = overridden(encoded(serviceFor(found, given), run.version), given, run.version);
    const namespace = given.value('namespace');
    if (run.isClientOnly) {
      const placed =
        namespace === undefined
          ? service
          : { ...service, metadata: { ...(service['metadata'] as JsonMap), namespace } };
      run.printTyped(placed, 'exposed');
      return;
    }
    const saved = given.flag('save-config') ? annotatedConfiguration(service) : service;
    run.printTyped(run.create(saved, { manager: 'kubectl-expose' }), 'exposed');
  });
}

function withoutSelector(given: ParsedArguments): ParsedArguments {
  return given.without(['selector', 'labels']);
}

function serviceFor({ resource, object }: Found, given: ParsedArguments): JsonMap {
  const { group, kind } = resource;
  const full = group === '' ? kind : `${kind}.${group}`;
  if (!EXPOSABLE.has(full)) throw new KubectlError(`cannot expose a ${full}`);
  const isHeadless = given.value('cluster-ip') === 'None';
  const selector = given.value('selector') ? parseLabels(given.value('selector') ?? '') : selectorOf(object);
  const found = portsOf(object);
  const numbers = given.value('port') ? (given.value('port') ?? '').split(',') : [...found.keys()];
  if (numbers.length === 0 && !isHeadless)
    throw new KubectlError("couldn't find port via --port flag or introspection");
  const labels = given.value('labels') ? parseLabels(given.value('labels') ?? '') : (object.metadata.labels ?? {});
  const ports = numbers.flatMap((number, i) => portsFor(number, i, numbers.length > 1, found, given));
  const type = given.value('type') ?? '';
  const affinity = given.value('session-affinity') ?? '';
  if (affinity !== '' && affinity !== 'None' && affinity !== 'ClientIP')
    throw new KubectlError(`unknown session affinity: ${affinity}`);
  const name = given.value('name') || (object.metadata.name ?? '').slice(0, MAX_NAME);
  const text = (flag: string): string => given.value(flag) ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...(Object.keys(labels).length > 0 ? { labels } : {}) },
    spec: {
      selector,
      ...(ports.length > 0 ? { ports } : {}),
      ...(text('external-ip') === '' ? {} : { externalIPs: [text('external-ip')] }),
      ...(type === '' ? {} : { type }),
      ...(type === 'LoadBalancer' && text('load-balancer-ip') !== ''
        ? { loadBalancerIP: text('load-balancer-ip') }
        : {}),
      ...(affinity === '' ? {} : { sessionAffinity: affinity }),
      ...(text('cluster-ip') === '' ? {} : { clusterIP: text('cluster-ip') }),
    },
  };
}

function portsFor(
  number: string,
  i: number,
  isOneOfSeveral: boolean,
  found: ReadonlyMap<string, readonly string[]>,
  given: ParsedArguments,
): JsonMap[] {
  if (!/^[+-]?\d+$/.test(number)) throw new KubectlError(`strconv.Atoi: parsing ${goQuote(number)}: invalid syntax`);
  const port = Number(number);
  const target = given.value('target-port') ?? '';
  const targetPort = target === '' ? port : parseIntOrString(target);
  const protocol = given.value('protocol') ?? '';
  const known = protocol === '' ? (found.get(number) ?? []) : [];
  if (known.length > 1)
    return known.map((each) => ({ name: `port-${i + 1}-${each.toLowerCase()}`, port, protocol: each, targetPort }));
  const name = isOneOfSeveral ? { name: `port-${i + 1}` } : {};
  return [{ ...name, port, protocol: protocol || (known[0] ?? 'TCP'), targetPort }];
}

/** Protocols by port, in the order in which the ports stand. */
function portsOf(object: KubeObject): ReadonlyMap<string, readonly string[]> {
  const ports = new Map<string, string[]>();
  const add = (number: number, protocol = 'TCP'): void => {
    const key = String(number);
    ports.set(key, [...(ports.get(key) ?? []), protocol || 'TCP']);
  };
  if (object.kind === 'Service')
    for (const { port, protocol } of (object as Service).spec.ports ?? []) add(port, protocol);
  else
    for (const container of podSpec(object)?.containers ?? [])
      for (const { containerPort, protocol } of container.ports ?? []) add(containerPort, protocol);
  return ports;
}

function podSpec(object: KubeObject): PodSpec | undefined {
  return object.kind === 'Pod' ? (object as Pod).spec : (object as Deployment).spec.template.spec;
}

function selectorOf(object: KubeObject): Readonly<Record<string, string>> {
  const fail = (why: string): KubectlError =>
    new KubectlError(`couldn't retrieve selectors via --selector flag or introspection: ${why}`);
  switch (object.kind) {
    case 'ReplicationController':
      return (object as ReplicationController).spec.selector ?? {};
    case 'Pod': {
      const { labels = {} } = object.metadata;
      if (Object.keys(labels).length === 0) throw fail('the pod has no labels and cannot be exposed');
      return labels;
    }
    case 'Service': {
      const { selector } = (object as Service).spec;
      if (!selector) throw fail('the service has no pod selector set');
      return selector;
    }
    default: {
      const { matchLabels = {}, matchExpressions = [] } = (object as Deployment).spec.selector ?? {};
      if (Object.keys(matchLabels).length === 0)
        throw fail(`invalid ${object.kind.toLowerCase()}: no selectors, therefore cannot be exposed`);
      if (matchExpressions.length > 0)
        throw fail(
          `couldn't convert expressions - "[${matchExpressions.map(requirementText).join(' ')}]" to map-based selector format`,
        );
      return matchLabels;
    }
  }
}

/** As Go prints the struct with its fields' names. */
function requirementText({ key, operator, values = [] }: LabelSelectorRequirement): string {
  return `{Key:${key} Operator:${operator} Values:[${values.join(' ')}]}`;
}
