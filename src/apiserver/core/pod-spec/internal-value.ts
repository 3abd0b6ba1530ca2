// Prints parts of a pod spec as the API server's internal Go structs marshal: Go field names, every field, null for nil.
// Behaviour: encoding/json of pkg/apis/core/types.go (no JSON tags), Kubernetes v1.36.3.
import { GoValue } from '../../../apimachinery/field-error.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { givenEmpty } from '../../../schema/decode/given-empty.ts';
import type { PodSpec } from '../../../schema/generated/types/core-v1.ts';
import { labelSelectorValue } from '../../../selectors/label-selector-validation.ts';
import { internalVolumeTypes } from '../persistent-volume/internal-layout.ts';
import { internalPodTypes } from './internal-layout.ts';

interface Field {
  readonly goName: string;
  readonly jsonName: string;
  readonly type: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Of embedded metadata, in Go's order. */
const METADATA_FIELDS: readonly string[] = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
];
const MAPS = new Set(['labels', 'annotations']);

const lines = new Map<string, string>();
const layouts = new Map<string, readonly Field[]>();

function layoutOf(name: string): readonly Field[] {
  const known = layouts.get(name);
  if (known) return known;
  if (lines.size === 0) for (const line of `${internalPodTypes}\n${internalVolumeTypes}`.split('\n')) addLine(line);
  const fields = (lines.get(name) ?? '').split(', ').flatMap(parseField);
  layouts.set(name, fields);
  return fields;
}

function addLine(line: string): void {
  const colon = line.indexOf(': ');
  lines.set(line.slice(0, colon), line.slice(colon + 2));
}

function parseField(text: string): readonly Field[] {
  if (text === '+meta') {
    return METADATA_FIELDS.map((name) => ({ goName: name, jsonName: name, type: 'meta' }));
  }
  if (text.startsWith('+')) return layoutOf(text.slice(1));
  const [name = '', type = ''] = text.split(' ');
  const [goName = '', jsonName = goName.charAt(0).toLowerCase() + goName.slice(1)] = name.split('=');
  return [{ goName, jsonName, type }];
}

/** The internal struct of an external one, as an object whose keys stand in Go's order; maps are Maps. */
export function internalStruct(name: string, value: object): Json {
  const source = value as Json;
  const out: Record<string, unknown> = {};
  for (const { goName, jsonName, type } of layoutOf(name)) {
    if (type === 'meta') {
      const metadata = (source['metadata'] as Json | undefined)?.[jsonName];
      if (metadata !== undefined) out[goName] = MAPS.has(jsonName) ? toMap(metadata) : metadata;
    } else out[goName] = internalOf(type, source[jsonName] ?? givenEmpty(value, jsonName));
  }
  return out;
}

function internalOf(type: string, value: unknown): unknown {
  if (value === undefined || value === null) return zeroOf(type);
  if (type.startsWith('*')) return internalOf(type.slice(1), value);
  if (type.startsWith('[]')) return (value as readonly unknown[]).map((item) => internalOf(type.slice(2), item));
  if (type.startsWith('.')) return internalStruct(type.slice(1), value as object);
  if (type === 'map') return toMap(value);
  // Integers beyond 2^53 come as objects that know their digits.
  if (type === 'int' && typeof value === 'object') return BigInt(String(value));
  return type === 'selector' ? labelSelectorValue(value) : value;
}

function zeroOf(type: string): unknown {
  switch (type) {
    case 'string':
      return '';
    case 'int':
      return 0;
    case 'bool':
      return false;
    case 'quantity':
      return '0';
    default:
      return type.startsWith('.') ? internalStruct(type.slice(1), {}) : null;
  }
}

function toMap(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value as Json));
}

/** The internal PodSpec: the host settings have moved into its security context. */
export function internalPodSpec(spec: PodSpec): Json {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = spec;
  const securityContext = { ...spec.securityContext, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers };
  return internalStruct('PodSpec', { ...spec, securityContext });
}

/** A struct as the bad value of an error. */
export function structValue(name: string, value: object): GoValue {
  return new GoValue(goMarshalInOrder(internalStruct(name, value)));
}

export function structListValue(name: string, values: readonly object[]): GoValue {
  return new GoValue(goMarshalInOrder(values.map((value) => internalStruct(name, value))));
}
