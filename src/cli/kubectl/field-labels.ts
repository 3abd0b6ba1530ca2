// The fields that a field selector may name for a kind, and an object's values of them.
// Behaviour: pkg/apis/*/v1/conversion.go and the kinds' strategies, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { isMap } from '../../report/kubectl/go-value.ts';
import type { FieldSelector, Fields } from '../../selectors/field-selector.ts';
import { KubectlError } from './outcome.ts';
import type { ServedResource } from './resources.ts';

const EVENT_FIELDS = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'source',
  'type',
];

/** Fields beside the name and namespace. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  Node: ['spec.unschedulable'],
  ReplicationController: ['status.replicas'],
  Event: EVENT_FIELDS,
  Namespace: ['status.phase', 'name'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
  Job: ['status.successful'],
  CertificateSigningRequest: ['spec.signerName'],
};
const PATHS: Readonly<Record<string, string>> = { 'status.successful': 'status.succeeded', name: 'metadata.name' };
const DEFAULTS: Readonly<Record<string, string>> = {
  'status.successful': '0',
  'spec.unschedulable': 'false',
  'spec.hostNetwork': 'false',
};

/** Throws KubectlError for a field the kind does not offer. */
export function checkFields(resource: ServedResource, selector: FieldSelector): void {
  const known = FIELDS[resource.kind];
  for (const { field } of selector.terms) {
    if (field === 'metadata.name' || field === 'metadata.namespace' || known?.includes(field)) continue;
    if (!known) {
      throw new KubectlError(
        `"${field}" is not a known field selector: only "metadata.name"${resource.custom && !resource.namespaced ? '' : ', "metadata.namespace"'}`,
      );
    }
    const ofKind =
      resource.kind === 'Job' ? `field label "${field}" not supported for Job` : `field label not supported: ${field}`;
    throw new KubectlError(ofKind);
  }
}

export function fieldsOf(object: KubeObject, selector: FieldSelector): Fields {
  return Object.fromEntries(selector.terms.map(({ field }) => [field, fieldText(object, field)]));
}

function fieldText(object: KubeObject, field: string): string {
  if (field === 'source') return textAt(object, 'source.component') || textAt(object, 'reportingComponent');
  return textAt(object, PATHS[field] ?? field) || (DEFAULTS[field] ?? '');
}

function textAt(object: unknown, path: string): string {
  const value = path.split('.').reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), object);
  return value === undefined || value === null ? '' : String(value);
}
