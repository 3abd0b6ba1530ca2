// Writes the OpenAPI definitions as TypeBox schemas: one file a package for those common to all releases, the rest by release.
import type { GoNamedType } from './go-model.ts';
import { asObject, collectDefinitions, collectResources, definitionNameOf } from './openapi.ts';
import type { JsonObject, ReleaseSources } from './sources.ts';

const kept = [
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-patch-strategy',
  'x-kubernetes-patch-merge-key',
];

/** A value as TypeScript source: names unquoted where they may be. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${propertyName(key)}: ${literal(each)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

const quoted = (text: string) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

const propertyName = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name));

function referenceOf(schema: JsonObject): string | undefined {
  const [only] = Array.isArray(schema['allOf']) ? schema['allOf'] : [schema];
  const reference = asObject(only)['$ref'];
  return typeof reference === 'string' ? reference.slice(reference.lastIndexOf('/') + 1) : undefined;
}

function call(name: string, args: readonly string[], options: JsonObject): string {
  const last = Object.keys(options).length === 0 ? [] : [literal(options)];
  return `T.${name}(${[...args, ...last].join(', ')})`;
}

class DefinitionWriter {
  readonly goTypes: ReadonlyMap<string, GoNamedType>;
  readonly enums: { readonly [id: string]: readonly string[] };
  readonly scopes: ReadonlyMap<string, string>;

  constructor(sources: ReleaseSources) {
    this.goTypes = new Map(sources.go.types.map((type) => [definitionNameOf(type.id), type]));
    this.enums = sources.go.enums;
    const scopes = new Map<string, string>();
    for (const resource of collectResources(sources)) {
      scopes.set(
        `${resource.group}/${resource.version}/${resource.kind}`,
        resource.namespaced ? 'Namespaced' : 'Cluster',
      );
    }
    this.scopes = scopes;
  }

  /** The Go types of a struct's fields by JSON name, those of embedded structs included. */
  fieldTypes(type: GoNamedType | undefined): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const field of type?.fields ?? []) {
      if (field.inline) {
        for (const [name, each] of this.fieldTypes(this.goTypes.get(definitionNameOf(field.type))))
          found.set(name, each);
      } else {
        found.set(field.json, field.type);
      }
    }
    return found;
  }

  schema(schema: JsonObject, goType: string): string {
    const options: Record<string, unknown> = {};
    for (const key of kept) if (schema[key] !== undefined) options[key] = schema[key];
    const fallback = schema['default'];
    if (fallback !== undefined && literal(fallback) !== '{}') options['default'] = fallback;
    const reference = referenceOf(schema);
    if (reference !== undefined) return call('Ref', [quoted(reference)], options);
    if (schema['format'] !== undefined) options['format'] = schema['format'];
    if (Array.isArray(schema['oneOf'])) {
      return call('Union', [`[${schema['oneOf'].map((each) => this.schema(asObject(each), '')).join(', ')}]`], options);
    }
    switch (schema['type']) {
      case 'string': {
        const values = this.enums[goType.replace(/^\*/, '')];
        return call('String', [], values?.length ? { ...options, enum: values } : options);
      }
      case 'integer':
        return call('Integer', [], options);
      case 'number':
        return call('Number', [], options);
      case 'boolean':
        return call('Boolean', [], options);
      case 'array':
        return call('Array', [this.schema(asObject(schema['items']), goType.replace(/^\*?\[\]/, ''))], options);
      case 'object':
        if (schema['properties'] === undefined && schema['additionalProperties'] !== undefined) {
          const element = this.schema(
            asObject(schema['additionalProperties']),
            goType.replace(/^\*?map\[[^\]]*\]/, ''),
          );
          return call('Record', ['T.String()', element], options);
        }
        return this.object(schema, new Map(), options);
    }
    return call('Unknown', [], options);
  }

  object(schema: JsonObject, fields: ReadonlyMap<string, string>, options: JsonObject): string {
    const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
    const properties = Object.entries(asObject(schema['properties'])).map(([name, each]) => {
      const text = this.schema(asObject(each), fields.get(name) ?? '');
      return `${propertyName(name)}: ${required.has(name) ? text : `T.Optional(${text})`}`;
    });
    return call('Object', [properties.length === 0 ? '{}' : `{ ${properties.join(', ')} }`], options);
  }

  definition(name: string, schema: JsonObject): string {
    const options: Record<string, unknown> = {};
    const kinds = schema['x-kubernetes-group-version-kind'];
    if (Array.isArray(kinds) && kinds.length === 1) {
      const gvk = asObject(kinds[0]);
      options['x-kubernetes-group-version-kind'] = [
        { group: gvk['group'] ?? '', version: gvk['version'], kind: gvk['kind'] },
      ];
      const scope = this.scopes.get(`${gvk['group'] ?? ''}/${gvk['version']}/${gvk['kind']}`);
      if (scope) options['x-kubernetes-scope'] = scope;
    }
    for (const key of [...kept, 'x-kubernetes-unions']) if (schema[key] !== undefined) options[key] = schema[key];
    if (schema['type'] !== 'object' || schema['properties'] === undefined)
      return this.schema({ ...schema, ...options }, '');
    return this.object(schema, this.fieldTypes(this.goTypes.get(name)), options);
  }
}

/** `core-v1` for `io.k8s.api.core.v1.Pod`; definitions of no API group go to `library`. */
function fileOf(name: string): string {
  const match = /\.(\w+)\.(v\d\w*)\.\w+$/.exec(name);
  return match ? `${match[1]}-${match[2]}` : 'library';
}

function fileText(definitions: readonly (readonly [string, string])[]): string {
  const lines = definitions.map(([name, text]) => `  '${name}': () => ${text},\n`).join('');
  // Type inference over hundreds of schemas would only slow the compiler down: the interfaces under types/ are the types.
  return `// @ts-nocheck\nimport { type TSchema, Type as T } from '@sinclair/typebox';\nexport const definitions: { readonly [name: string]: () => TSchema } = {\n${lines}};\n`;
}

const identifierOf = (folder: string, file: string) => `${folder}_${file}`.replace(/[^\w]/g, '_');

export function emitDefinitions(all: readonly ReleaseSources[]): ReadonlyMap<string, string> {
  const texts = all.map((sources) => {
    const writer = new DefinitionWriter(sources);
    return new Map([...collectDefinitions(sources)].map(([name, schema]) => [name, writer.definition(name, schema)]));
  });
  const byFile = new Map<string, [string, string][]>();
  const names = new Set(texts.flatMap((each) => [...each.keys()]));
  for (const name of [...names].sort()) {
    const variants = texts.map((each) => each.get(name));
    const shared = variants.every((text) => text === variants[0]);
    variants.forEach((text, index) => {
      if (text === undefined || (shared && index > 0)) return;
      const file = `${shared ? 'shared' : `v${all[index]!.release.minor}`}/${fileOf(name)}`;
      byFile.set(file, [...(byFile.get(file) ?? []), [name, text]]);
    });
  }
  const files = new Map<string, string>();
  const paths = [...byFile.keys()].sort();
  for (const path of paths) files.set(`${path}.ts`, fileText(byFile.get(path)!));
  const imports = paths.map((path) => {
    const [folder = '', file = ''] = path.split('/');
    return `import { definitions as ${identifierOf(folder, file)} } from './${path}.ts';\n`;
  });
  const folders = ['shared', ...all.map(({ release }) => `v${release.minor}`)].map((folder) => {
    const own = paths.filter((path) => path.startsWith(`${folder}/`));
    const entries = own.map(
      (path) => `    '${path.slice(folder.length + 1)}': ${identifierOf(folder, path.slice(folder.length + 1))},\n`,
    );
    return `  '${folder}': {\n${entries.join('')}  },\n`;
  });
  const type = '{ readonly [folder: string]: { readonly [file: string]: { readonly [name: string]: () => TSchema } } }';
  files.set(
    'definition-files.ts',
    `import type { TSchema } from '@sinclair/typebox';\n${imports.join('')}export const definitionFiles: ${type} = {\n${folders.join('')}};\n`,
  );
  return files;
}
