// Writes the Go layout of every struct as one text a package; src/schema/layout.ts reads it.
import { type GoNamedType, nameOf, packageOf, shortTypeId } from './go-model.ts';
import { asObject, collectDefinitions, definitionNameOf } from './openapi.ts';
import type { JsonObject, ReleaseSources } from './sources.ts';

const isZeroDefault = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof value === 'object' && JSON.stringify(value) === '{}');

/** The text of a Go type with package names shortened; names of the same package keep only the dot. */
function compactType(text: string, packageName: string): string {
  return text.replace(/[a-z][\w./-]*\.\w+/g, (id) => {
    const short = shortTypeId(id);
    return packageOf(short) === packageName ? `.${nameOf(short)}` : short;
  });
}

/** Embedded structs have no definition of their own: their fields are looked up where they are embedded. */
function propertiesByStruct(types: ReadonlyMap<string, GoNamedType>, definitions: ReadonlyMap<string, JsonObject>) {
  const found = new Map<string, JsonObject>();
  for (const type of types.values()) {
    const definition = definitions.get(definitionNameOf(type.id));
    if (definition) found.set(type.id, asObject(definition['properties']));
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const type of types.values()) {
      const own = found.get(type.id);
      for (const field of type.fields ?? []) {
        if (!own || !field.inline || found.has(field.type)) continue;
        found.set(field.type, own);
        changed = true;
      }
    }
  }
  return found;
}

function structLine(type: GoNamedType, properties: JsonObject, definition: JsonObject): string {
  const packageName = packageOf(shortTypeId(type.id));
  const cells = [
    `${nameOf(type.id)}${definition['x-kubernetes-map-type'] ? `!${definition['x-kubernetes-map-type']}` : ''}`,
  ];
  for (const field of type.fields ?? []) {
    const property = asObject(properties[field.json]);
    const lowered = field.go.charAt(0).toLowerCase() + field.go.slice(1);
    const keys = property['x-kubernetes-list-map-keys'];
    const fallback = property['default'];
    // Where Go leaves the field out or points to it, a zero value is stated only if somebody meant it.
    const isMeant = field.type.startsWith('*') || field.omitEmpty;
    const omitted = isZeroDefault(fallback) && !(isMeant && fallback !== undefined && typeof fallback !== 'object');
    const parts = [
      field.go,
      field.json === lowered ? '' : field.json,
      (field.inline ? 'i' : '') + (field.omitEmpty ? 'e' : '') + (field.omitZero ? 'z' : ''),
      compactType(field.type, packageName),
      field.strategy ?? '',
      field.mergeKey ?? '',
      field.inline ? '' : String(property['x-kubernetes-list-type'] ?? ''),
      Array.isArray(keys) ? keys.join('+') : '',
      field.inline ? '' : String(property['x-kubernetes-map-type'] ?? ''),
      omitted ? '' : JSON.stringify(fallback),
    ];
    while (parts.at(-1) === '') parts.pop();
    for (const part of parts) if (/[|\t\n`\\]|\$\{/.test(part)) throw new Error(`unwritable ${part}`);
    cells.push(parts.join('|'));
  }
  return cells.join('\t');
}

/** The lines of a release, by type id. A line `Name=type` is a named type that is not a struct. */
function layoutLines(sources: ReleaseSources): ReadonlyMap<string, string> {
  const definitions = collectDefinitions(sources);
  const types = new Map(sources.go.types.map((type) => [type.id, type]));
  const properties = propertiesByStruct(types, definitions);
  const lines = new Map<string, string>();
  for (const type of types.values()) {
    const id = shortTypeId(type.id);
    const print = `${packageOf(id).slice(packageOf(id).lastIndexOf('/') + 1)}.${nameOf(id)}`;
    if (print !== type.print) throw new Error(`${type.id} prints ${type.print}`);
    if (type.kind !== 'struct') {
      lines.set(id, `${nameOf(id)}=${compactType(type.elem ?? type.kind, packageOf(id))}`);
      continue;
    }
    lines.set(id, structLine(type, properties.get(type.id) ?? {}, definitions.get(definitionNameOf(type.id)) ?? {}));
  }
  return lines;
}

function servedPackages(sources: ReleaseSources): ReadonlySet<string> {
  const served = new Set<string>();
  for (const { document } of sources.openApi) {
    for (const path of Object.keys(asObject(document['paths']))) {
      const match = /^\/(?:api|apis\/([^/]+))\/(v[^/]+)\//.exec(path);
      if (match) served.add(`${match[1] ?? ''}/${match[2]}`);
    }
  }
  return new Set(
    sources.go.kinds
      .filter((kind) => served.has(`${kind.group}/${kind.version}`))
      .map((kind) => packageOf(shortTypeId(kind.type))),
  );
}

const libraryPackages = ['resource', 'intstr', 'runtime', 'types', 'time'];

/** One file a package. A line not common to all releases starts with the numbers of those that have it: `01:`. */
export function emitLayout(all: readonly ReleaseSources[]): ReadonlyMap<string, string> {
  const releases = all.map((sources) => ({ lines: layoutLines(sources), served: servedPackages(sources) }));
  const packages = new Map<string, string[]>();
  const ids = new Set(releases.flatMap(({ lines }) => [...lines.keys()]));
  for (const id of [...ids].sort()) {
    const packageName = packageOf(id);
    const variants = new Map<string, string>();
    releases.forEach(({ lines, served }, index) => {
      const line = lines.get(id);
      if (line === undefined || !(served.has(packageName) || libraryPackages.includes(packageName))) return;
      variants.set(line, (variants.get(line) ?? '') + index);
    });
    for (const [line, where] of variants) {
      const text = where.length === all.length ? line : `${where}:${line}`;
      packages.set(packageName, [...(packages.get(packageName) ?? []), text]);
    }
  }
  const files = new Map<string, string>();
  const names = [...packages.keys()].sort();
  const identifier = (name: string) => name.replace('/', '');
  const library = names.filter((name) => !name.includes('/'));
  for (const name of names) {
    if (!name.includes('/')) continue;
    files.set(
      `${name.replace('/', '-')}.ts`,
      `export const ${identifier(name)} = \`${packages.get(name)!.join('\n')}\`;\n`,
    );
  }
  files.set(
    'library.ts',
    library.map((name) => `export const ${name} = \`${packages.get(name)!.join('\n')}\`;\n`).join(''),
  );
  const imports = names
    .filter((name) => name.includes('/'))
    .map((name) => `import { ${identifier(name)} } from './${name.replace('/', '-')}.ts';\n`)
    .join('');
  const entries = names.map((name) => `  '${name}': ${identifier(name)},\n`).join('');
  files.set(
    'packages.ts',
    `${imports}import { ${library.join(', ')} } from './library.ts';\nexport const releases: readonly string[] = ${JSON.stringify(all.map(({ release }) => release.minor))};\nexport const packages: { readonly [name: string]: string } = {\n${entries}};\n`,
  );
  return files;
}
