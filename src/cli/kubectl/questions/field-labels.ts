// The fields that a field selector may name for a kind, and an object's values of them.
// Behaviour: pkg/apis/*/v1/conversion.go and the kinds' strategies, [apiextensions-apiserver]/pkg/apiserver/conversion/converter.go and
// pkg/registry/customresource/strategy.go, Kubernetes v1.36.3.
import { goFloat } from '../../../apimachinery/go/quote.ts';
import { isMap } from '../../../apimachinery/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { findResults } from '../../../report/kubectl/jsonpath/evaluate.ts';
import { parseJsonPath } from '../../../report/kubectl/jsonpath/parser.ts';
import type { FieldSelector, Fields } from '../../../selectors/field-selector.ts';
import { KubectlError } from '../outcome.ts';
import type { ServedResource } from '../resources.ts';
import type { Found } from '../select-objects.ts';

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
  for (const { field } of selector.terms) {
    const refusal = refusalOf(field, resource);
    if (refusal !== undefined) throw new KubectlError(refusal);
  }
}

function refusalOf(field: string, { kind, custom, namespaced }: ServedResource): string | undefined {
  if (field === 'metadata.name') return undefined;
  if (custom) {
    const isOffered = (field === 'metadata.namespace' && namespaced) || custom.selectableFields.includes(field);
    return isOffered ? undefined : `field label not supported: ${field}`;
  }
  const known = FIELDS[kind];
  if (field === 'metadata.namespace' || known?.includes(field)) return undefined;
  if (!known) return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
  return kind === 'Job' ? `field label "${field}" not supported for Job` : `field label not supported: ${field}`;
}

export function fieldsOf({ resource, object }: Found, selector: FieldSelector): Fields {
  const isCustom = resource.custom !== undefined;
  return Object.fromEntries(
    selector.terms.map(({ field }) => [field, isCustom ? customText(object, field) : fieldText(object, field)]),
  );
}

/** What the path of a definition finds, as fmt.Sprint prints it. */
function customText(object: KubeObject, field: string): string {
  const [[value] = []] = findResults(parseJsonPath(`{.${field}}`), object, { allowMissingKeys: true });
  if (value === undefined || value === null) return '';
  return typeof value === 'number' && !Number.isSafeInteger(value) ? goFloat(value) : String(value);
}

function fieldText(object: KubeObject, field: string): string {
  if (field === 'source') return textAt(object, 'source.component') || textAt(object, 'reportingComponent');
  return textAt(object, PATHS[field] ?? field) || (DEFAULTS[field] ?? '');
}

function textAt(object: unknown, path: string): string {
  const value = path.split('.').reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), object);
  return value === undefined || value === null ? '' : String(value);
}
