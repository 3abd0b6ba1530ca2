// Columns of nodes, namespaces and events.
// Behaviour: pkg/printers/internalversion/printers.go (printNode, printNamespace, printEvent), Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import type { Event, Namespace, Node } from '../../../schema/generated/types/core-v1.ts';
import { ageOf, NONE, since, sinceMicro, tablePrinter } from './printer.ts';

const ROLE_PREFIX = 'node-role.kubernetes.io/';
const ROLE_LABEL = 'kubernetes.io/role';
const UNKNOWN = '<unknown>';

export const nodePrinter = tablePrinter<Node>(
  'Name|Status|Roles|Age|Version|Internal-IP+|External-IP+|OS-Image+|Kernel-Version+|Container-Runtime+',
  (object, now) => {
    const info = object.status.nodeInfo;
    const address = (type: string): string => object.status.addresses?.find((a) => a.type === type)?.address ?? NONE;
    const architecture = info?.architecture ? ` (${info.architecture})` : '';
    return [
      object.metadata.name ?? '',
      nodeStatus(object),
      nodeRoles(object).join(',') || NONE,
      ageOf(object, now),
      info?.kubeletVersion ?? '',
      address('InternalIP'),
      address('ExternalIP'),
      info?.osImage || UNKNOWN,
      `${info?.kernelVersion || UNKNOWN}${architecture}`,
      info?.containerRuntimeVersion || UNKNOWN,
    ];
  },
);

function nodeStatus({ spec, status }: Node): string {
  const ready = status.conditions?.findLast(({ type }) => type === 'Ready');
  const text = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable ? `${text},SchedulingDisabled` : text;
}

export function nodeRoles({ metadata }: Node): readonly string[] {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_PREFIX)) return key.length > ROLE_PREFIX.length ? [key.slice(ROLE_PREFIX.length)] : [];
    return key === ROLE_LABEL && value !== '' ? [value] : [];
  });
  return [...new Set(roles)].sort(compareBytes);
}

export const namespacePrinter = tablePrinter<Namespace>('Name|Status|Age', (object, now) => [
  object.metadata.name ?? '',
  object.status.phase ?? '',
  ageOf(object, now),
]);

export const eventPrinter = tablePrinter<Event>(
  'Last Seen|Type|Reason|Object|Subobject+|Source+|Message|First Seen+|Count+|Name+',
  (event, now) => {
    const first = event.firstTimestamp ? since(event.firstTimestamp, now) : sinceMicro(event.eventTime, now);
    const last = event.series
      ? sinceMicro(event.series.lastObservedTime, now)
      : event.lastTimestamp
        ? since(event.lastTimestamp, now)
        : first;
    const involved = event.involvedObject;
    const component = event.source?.component || event.reportingComponent || '';
    const instance = event.source?.host || event.reportingInstance || '';
    return [
      last,
      event.type ?? '',
      event.reason ?? '',
      `${(involved.kind ?? '').toLowerCase()}${involved.name ? `/${involved.name}` : ''}`,
      involved.fieldPath ?? '',
      instance ? `${component}, ${instance}` : component,
      (event.message ?? '').trim(),
      first,
      event.series ? (event.series.count ?? 0) : event.count || 1,
      event.metadata.name ?? '',
    ];
  },
);
