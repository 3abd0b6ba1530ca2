// How Go lays out a Kubernetes API type: its fields in declaration order, with the tags that encoding, patching and hashing obey.
// Behaviour: staging/src/k8s.io/api (struct tags) and api/openapi-spec/v3 (list and map types), Kubernetes v1.34, v1.35 and v1.36.3.
import { packages, releases } from './generated/layout/packages.ts';

export type KubernetesVersion = '1.34' | '1.35' | '1.36';

export const newestVersion: KubernetesVersion = '1.36';

export type SpecialType =
  | 'Quantity'
  | 'IntOrString'
  | 'Time'
  | 'MicroTime'
  | 'RawExtension'
  | 'FieldsV1'
  | 'JSON'
  | 'JSONSchemaPropsOrBool'
  | 'JSONSchemaPropsOrArray'
  | 'JSONSchemaPropsOrStringArray';

type ScalarType =
  | 'bool'
  | 'float32'
  | 'float64'
  | 'int'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'string'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64';

/** `goName` is what Go's %T prints: `v1.Protocol`, `*int32`, `[]v1.Container`, `map[string]string`, `v1.ResourceList`. */
export type TypeRef =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType; readonly goName: string }
  | { readonly kind: 'bytes'; readonly goName: string }
  | { readonly kind: 'pointer'; readonly element: TypeRef; readonly goName: string }
  | { readonly kind: 'slice'; readonly element: TypeRef; readonly goName: string }
  | { readonly kind: 'map'; readonly key: TypeRef; readonly element: TypeRef; readonly goName: string }
  | { readonly kind: 'struct'; readonly typeId: string; readonly goName: string }
  | { readonly kind: 'special'; readonly special: SpecialType; readonly typeId: string; readonly goName: string }
  | { readonly kind: 'interface'; readonly goName: string };

export interface FieldLayout {
  readonly goName: string;
  /** The empty text for an embedded struct, `-` for a field that is never in JSON. */
  readonly jsonName: string;
  readonly inline: boolean;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  readonly type: TypeRef;
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly listType?: 'atomic' | 'map' | 'set';
  readonly listMapKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  /** The default that OpenAPI states; of fields that Go always writes, where it is not the zero value. */
  readonly default?: unknown;
}

interface StructLayout {
  readonly typeId: string;
  readonly goName: string;
  readonly mapType?: 'atomic' | 'granular';
  readonly fields: readonly FieldLayout[];
}

const specials: { readonly [typeId: string]: SpecialType } = {
  'apiextensions/v1.JSON': 'JSON',
  'apiextensions/v1.JSONSchemaPropsOrArray': 'JSONSchemaPropsOrArray',
  'apiextensions/v1.JSONSchemaPropsOrBool': 'JSONSchemaPropsOrBool',
  'apiextensions/v1.JSONSchemaPropsOrStringArray': 'JSONSchemaPropsOrStringArray',
  'intstr.IntOrString': 'IntOrString',
  'meta/v1.FieldsV1': 'FieldsV1',
  'meta/v1.MicroTime': 'MicroTime',
  'meta/v1.Time': 'Time',
  'resource.Quantity': 'Quantity',
  'runtime.RawExtension': 'RawExtension',
};

const scalars = new Set<string>([
  'bool',
  'float32',
  'float64',
  'int',
  'int8',
  'int16',
  'int32',
  'int64',
  'string',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
]);

interface ReleaseTable {
  /** Lines of the generated text by type id; a package is split when first asked for. */
  readonly lines: Map<string, string>;
  readonly loaded: Set<string>;
  readonly layouts: Map<string, StructLayout>;
  readonly types: Map<string, TypeRef>;
}

const tables = new Map<KubernetesVersion, ReleaseTable>();

function tableOf(version: KubernetesVersion): ReleaseTable {
  let table = tables.get(version);
  if (!table) {
    table = { lines: new Map(), loaded: new Set(), layouts: new Map(), types: new Map() };
    tables.set(version, table);
  }
  return table;
}

function packageOf(typeId: string): string {
  return typeId.slice(0, typeId.lastIndexOf('.'));
}

/** The end of a line's name: the first tab, `=` or `!`. */
function nameEnd(line: string): number {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 9 || code === 61 || code === 33) return i;
  }
  return line.length;
}

function loadPackage(table: ReleaseTable, version: KubernetesVersion, name: string): void {
  table.loaded.add(name);
  const digit = String(releases.indexOf(version));
  for (const line of (packages[name] ?? '').split('\n')) {
    let text = line;
    // Only a list of releases starts with a digit.
    if (line.charCodeAt(0) < 58) {
      const colon = line.indexOf(':');
      if (!line.slice(0, colon).includes(digit)) continue;
      text = line.slice(colon + 1);
    }
    table.lines.set(`${name}.${text.slice(0, nameEnd(text))}`, text);
  }
}

function lineOf(version: KubernetesVersion, typeId: string): string | undefined {
  const table = tableOf(version);
  const name = packageOf(typeId);
  if (!table.loaded.has(name)) loadPackage(table, version, name);
  return table.lines.get(typeId);
}

/** `v1.PodSpec` of `core/v1.PodSpec`. */
function printName(typeId: string): string {
  return typeId.slice(typeId.lastIndexOf('/') + 1);
}

function readNamedType(version: KubernetesVersion, typeId: string): TypeRef {
  const goName = printName(typeId);
  const special = specials[typeId];
  if (special) return { kind: 'special', special, typeId, goName };
  const line = lineOf(version, typeId);
  if (line === undefined) throw new Error(`Kubernetes ${version} has no type ${typeId}`);
  const equals = line.indexOf('=');
  const tab = line.indexOf('\t');
  if (equals < 0 || (tab >= 0 && tab < equals)) return { kind: 'struct', typeId, goName };
  const underlying = line.slice(equals + 1);
  if (underlying === 'interface') return { kind: 'interface', goName };
  return { ...readType(version, underlying, packageOf(typeId)), goName };
}

function readType(version: KubernetesVersion, text: string, packageName: string): TypeRef {
  const { types } = tableOf(version);
  const key = `${packageName} ${text}`;
  let type = types.get(key);
  if (!type) {
    type = parseType(version, text, packageName);
    types.set(key, type);
  }
  return type;
}

function parseType(version: KubernetesVersion, text: string, packageName: string): TypeRef {
  if (text.startsWith('*')) {
    const element = readType(version, text.slice(1), packageName);
    return { kind: 'pointer', element, goName: `*${element.goName}` };
  }
  if (text === '[]uint8') return { kind: 'bytes', goName: '[]uint8' };
  if (text.startsWith('[]')) {
    const element = readType(version, text.slice(2), packageName);
    return { kind: 'slice', element, goName: `[]${element.goName}` };
  }
  if (text.startsWith('map[')) {
    const end = text.indexOf(']');
    const key = readType(version, text.slice(4, end), packageName);
    const element = readType(version, text.slice(end + 1), packageName);
    return { kind: 'map', key, element, goName: `map[${key.goName}]${element.goName}` };
  }
  if (scalars.has(text)) return { kind: 'scalar', scalar: text as ScalarType, goName: text };
  return readNamedType(version, text.startsWith('.') ? packageName + text : text);
}

function readField(version: KubernetesVersion, text: string, packageName: string): FieldLayout {
  const [
    goName = '',
    jsonName = '',
    flags = '',
    type = '',
    patchStrategy,
    patchMergeKey,
    listType,
    keys,
    mapType,
    fallback,
  ] = text.split('|');
  const inline = flags.includes('i');
  return {
    goName,
    jsonName: inline ? '' : jsonName || goName.charAt(0).toLowerCase() + goName.slice(1),
    inline,
    omitEmpty: flags.includes('e'),
    omitZero: flags.includes('z'),
    type: readType(version, type, packageName),
    ...(patchStrategy ? { patchStrategy } : {}),
    ...(patchMergeKey ? { patchMergeKey } : {}),
    ...(listType ? { listType: listType as 'atomic' | 'map' | 'set' } : {}),
    ...(keys ? { listMapKeys: keys.split('+') } : {}),
    ...(mapType ? { mapType: mapType as 'atomic' | 'granular' } : {}),
    ...(fallback ? { default: JSON.parse(fallback) } : {}),
  };
}

/** The layout of a struct such as `core/v1.PodSpec`, or nothing where the version has no such struct. */
export function findStructLayout(version: KubernetesVersion, typeId: string): StructLayout | undefined {
  const { layouts } = tableOf(version);
  const known = layouts.get(typeId);
  if (known) return known;
  const line = lineOf(version, typeId);
  if (line === undefined) return undefined;
  const [head = '', ...cells] = line.split('\t');
  if (head.includes('=')) return undefined;
  const mapType = head.split('!')[1];
  const layout: StructLayout = {
    typeId,
    goName: printName(typeId),
    ...(mapType ? { mapType: mapType as 'atomic' | 'granular' } : {}),
    fields: cells.map((cell) => readField(version, cell, packageOf(typeId))),
  };
  layouts.set(typeId, layout);
  return layout;
}

/** The layout of a struct that the caller knows to exist. */
export function structLayout(version: KubernetesVersion, typeId: string): StructLayout {
  const layout = findStructLayout(version, typeId);
  if (!layout) throw new Error(`Kubernetes ${version} has no struct ${typeId}`);
  return layout;
}

/** The type that a type id names, struct or not. */
export function typeRefOf(version: KubernetesVersion, typeId: string): TypeRef {
  return readNamedType(version, typeId);
}
