// Writes the TypeScript interfaces of the newest release: what an object looks like after Go has read and written it.
import {
  type GoField,
  type GoNamedType,
  type GoTypeExpression,
  nameOf,
  packageOf,
  parseGoType,
  shortTypeId,
} from './go-model.ts';
import type { ReleaseSources } from './sources.ts';

/** Types whose JSON form is not their Go structure. `zero` says whether the zero value is written at all. */
const special: { readonly [id: string]: { readonly text: string; readonly zero: boolean } } = {
  'resource.Quantity': { text: 'Quantity', zero: true },
  'intstr.IntOrString': { text: 'IntOrString', zero: true },
  'meta/v1.Time': { text: 'Time', zero: false },
  'meta/v1.MicroTime': { text: 'MicroTime', zero: false },
  'meta/v1.FieldsV1': { text: 'FieldsV1', zero: false },
  'meta/v1.Duration': { text: 'Duration', zero: true },
  'runtime.RawExtension': { text: 'RawExtension', zero: false },
  'apiextensions/v1.JSON': { text: 'JsonValue', zero: false },
  'apiextensions/v1.JSONSchemaPropsOrBool': { text: 'JSONSchemaProps | boolean', zero: true },
  'apiextensions/v1.JSONSchemaPropsOrArray': {
    text: 'JSONSchemaProps | readonly JSONSchemaProps[] | null',
    zero: false,
  },
  'apiextensions/v1.JSONSchemaPropsOrStringArray': { text: 'JSONSchemaProps | readonly string[] | null', zero: false },
};

const preamble = `export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type Quantity = string;
export type IntOrString = number | string;
export type Time = string;
export type MicroTime = string;
export type Duration = string;
export type FieldsV1 = { readonly [key: string]: JsonValue };
export type RawExtension = JsonValue;
`;

const preambleNames = new Set([
  'JsonValue',
  'Quantity',
  'IntOrString',
  'Time',
  'MicroTime',
  'Duration',
  'FieldsV1',
  'RawExtension',
]);

const numbers = /^(u?int(8|16|32|64)?|float(32|64))$/;

function fileOfPackage(packageName: string): string {
  return `${packageName.replace('/', '-')}.ts`;
}

/** Alpha versions whose kinds are built behind their gates. */
const builtAlphas: ReadonlySet<string> = new Set(['scheduling.k8s.io/v1alpha2']);

/** The packages to write: every served group version except most alpha ones, and the shared metadata types. */
function selectPackages(sources: ReleaseSources): readonly string[] {
  const served = new Set<string>();
  for (const { document } of sources.openApi) {
    const paths = document['paths'] as { readonly [path: string]: unknown };
    for (const path of Object.keys(paths)) {
      const match = /^\/(?:api|apis\/([^/]+))\/(v[^/]+)\//.exec(path);
      if (match) served.add(`${match[1] ?? ''}/${match[2]}`);
    }
  }
  const packages = new Set(['meta/v1']);
  for (const kind of sources.go.kinds) {
    const apiVersion = `${kind.group}/${kind.version}`;
    if (!served.has(apiVersion) || (kind.version.includes('alpha') && !builtAlphas.has(apiVersion))) continue;
    const name = packageOf(shortTypeId(kind.type));
    if (name !== 'meta/v1') packages.add(name);
  }
  return [...packages].sort();
}

function propertyName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
}

class PackageWriter {
  readonly imports = new Set<string>();
  readonly packageName: string;
  readonly types: ReadonlyMap<string, GoNamedType>;

  constructor(packageName: string, types: ReadonlyMap<string, GoNamedType>) {
    this.packageName = packageName;
    this.types = types;
  }

  name(typeId: string): string {
    return this.qualified(packageOf(typeId), nameOf(typeId));
  }

  qualified(packageName: string, name: string): string {
    if (packageName === this.packageName) return name;
    this.imports.add(packageName);
    return `${packageName.replace('/', '')}.${name}`;
  }

  typeText(expression: GoTypeExpression): string {
    switch (expression.form) {
      case 'pointer':
        return this.typeText(expression.element);
      case 'slice': {
        if (expression.element.form === 'name' && expression.element.name === 'uint8') return 'string';
        const element = this.typeText(expression.element);
        return `readonly ${/[ |]/.test(element) ? `(${element})` : element}[]`;
      }
      case 'map':
        return `{ readonly [key: string]: ${this.typeText(expression.element)} }`;
      case 'name':
        return this.namedText(expression.name);
    }
  }

  namedText(name: string): string {
    const known = special[name];
    if (known) return preambleNames.has(known.text) ? this.qualified('meta/v1', known.text) : known.text;
    if (numbers.test(name)) return 'number';
    if (name === 'bool') return 'boolean';
    if (name === 'string') return 'string';
    const type = this.types.get(name);
    if (!type) throw new Error(`no Go type ${name}`);
    if (type.kind === 'struct') return this.name(name);
    if (type.kind === 'interface') return this.qualified('meta/v1', 'JsonValue');
    return this.typeText(parseGoType(type.elem ?? type.kind));
  }

  /** Whether Go always writes the field: no omission asked for, and a zero value that is not null. */
  always(field: GoField): boolean {
    if (field.omitZero) return false;
    let expression = parseGoType(field.type);
    while (expression.form === 'name') {
      const known = special[expression.name];
      if (known) return known.zero;
      const type = this.types.get(expression.name);
      if (type?.kind === 'struct') return true;
      if (type?.kind === 'interface') return false;
      if (!type) break;
      expression = parseGoType(type.elem ?? type.kind);
      if (!type.elem) break;
    }
    return expression.form === 'name' && !field.omitEmpty;
  }

  fields(type: GoNamedType, literal: { readonly apiVersion: string; readonly kind: string } | undefined): string {
    let out = '';
    for (const field of type.fields ?? []) {
      if (field.json === '-') continue;
      const typeId = shortTypeId(field.type);
      if (field.inline && typeId === 'meta/v1.TypeMeta') {
        out += literal
          ? `readonly apiVersion: '${literal.apiVersion}'; readonly kind: '${literal.kind}'; `
          : 'readonly kind?: string; readonly apiVersion?: string; ';
      } else if (field.inline) {
        out += this.fields(this.types.get(typeId)!, undefined);
      } else {
        out += `readonly ${propertyName(field.json)}${this.always(field) ? '' : '?'}: ${this.typeText(parseGoType(field.type))}; `;
      }
    }
    return out;
  }
}

/** One file a package, named after it. */
export function emitTypes(sources: ReleaseSources): ReadonlyMap<string, string> {
  const types = new Map(sources.go.types.map((type) => [shortTypeId(type.id), type]));
  const kinds = new Map<string, { apiVersion: string; kind: string }>();
  for (const kind of sources.go.kinds) {
    const typeId = shortTypeId(kind.type);
    const meta = packageOf(typeId) === 'meta/v1';
    if (meta && !(nameOf(typeId) === 'Status' && kind.group === '')) continue;
    kinds.set(typeId, { apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version, kind: kind.kind });
  }
  const files = new Map<string, string>();
  for (const packageName of selectPackages(sources)) {
    const writer = new PackageWriter(packageName, types);
    let body = '';
    for (const [typeId, type] of types) {
      if (packageOf(typeId) !== packageName || type.kind !== 'struct' || special[typeId]) continue;
      if (kinds.has(typeId) && type.fields?.some((field) => field.json === 'items')) continue;
      body += `export interface ${nameOf(typeId)} { ${writer.fields(type, kinds.get(typeId))}}\n`;
    }
    const imports = [...writer.imports]
      .sort()
      .map((name) => `import type * as ${name.replace('/', '')} from './${fileOfPackage(name)}';\n`)
      .join('');
    files.set(fileOfPackage(packageName), imports + (packageName === 'meta/v1' ? preamble : '') + body);
  }
  return files;
}
