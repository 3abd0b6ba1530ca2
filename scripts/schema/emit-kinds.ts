// Writes which kinds each release serves under which resource, and which API versions are deprecated or gone.
import { packageOf, shortTypeId } from './go-model.ts';
import { type ApiResource, collectResources } from './openapi.ts';
import type { ReleaseSources } from './sources.ts';

const verbLetters: { readonly [verb: string]: string } = {
  create: 'c',
  update: 'u',
  patch: 'p',
  get: 'g',
  list: 'l',
  watch: 'w',
  delete: 'd',
  deletecollection: 'D',
  connect: 'x',
};

const letters = (verbs: readonly string[]) => verbs.map((verb) => verbLetters[verb]).join('');

function resourceLine(resource: ApiResource, typeId: string): string {
  const own = resource.group ? `${resource.group}/${resource.version}` : resource.version;
  const subresources = resource.subresources
    .map(
      (sub) =>
        `${sub.name}:${sub.apiVersion === own ? '' : sub.apiVersion}:${sub.kind === resource.kind ? '' : sub.kind}:${letters(sub.verbs)}`,
    )
    .join(',');
  const scope = resource.namespaced ? 'N' : 'C';
  return [
    resource.group,
    resource.version,
    resource.kind,
    resource.plural,
    scope,
    letters(resource.verbs),
    typeId,
    subresources,
  ].join('\t');
}

export function emitKinds(all: readonly ReleaseSources[]): ReadonlyMap<string, string> {
  const variants = new Map<string, string>();
  const others = new Map<string, string>();
  const lives = new Map<string, string>();
  all.forEach((sources, index) => {
    const types = new Map(
      sources.go.kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, shortTypeId(kind.type)]),
    );
    for (const resource of collectResources(sources)) {
      const typeId = types.get(`${resource.group}/${resource.version}/${resource.kind}`);
      if (typeId === undefined)
        throw new Error(`no Go type for ${resource.group}/${resource.version} ${resource.kind}`);
      const line = resourceLine(resource, typeId);
      variants.set(line, (variants.get(line) ?? '') + index);
    }
    const resourceTypes = new Set(
      collectResources(sources).map((resource) => `${resource.group}/${resource.version}/${resource.kind}`),
    );
    const served = new Set(collectResources(sources).map((resource) => `${resource.group}/${resource.version}`));
    for (const kind of sources.go.kinds) {
      const typeId = shortTypeId(kind.type);
      const inOwnGroup = packageOf(typeId) !== 'meta/v1' || kind.group === '';
      const apart = inOwnGroup && !resourceTypes.has(`${kind.group}/${kind.version}/${kind.kind}`);
      if (!apart || !served.has(`${kind.group}/${kind.version}`)) continue;
      const line = [kind.group, kind.version, kind.kind, typeId].join('\t');
      others.set(line, (others.get(line) ?? '') + index);
    }
    for (const kind of sources.go.kinds) {
      if (!kind.deprecated && !kind.removed && !kind.replacement) continue;
      const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
      const life = [kind.introduced, kind.deprecated, kind.removed, kind.replacement].map((cell) => cell ?? '');
      lives.set(`${apiVersion}\t${kind.kind}`, life.join('\t'));
    }
  });
  const lines = [...variants].map(([line, where]) => `${line}\t${where}`).sort();
  const otherLines = [...others].map(([line, where]) => `${line}\t${where}`).sort();
  const lifeLines = [...lives].map(([key, life]) => `${key}\t${life}`).sort();
  return new Map([
    [
      'kinds.ts',
      `export const kinds = \`${lines.join('\n')}\`;\nexport const kindsWithoutResource = \`${otherLines.join('\n')}\`;\n`,
    ],
    ['lifecycle.ts', `export const lifecycle = \`${lifeLines.join('\n')}\`;\n`],
  ]);
}
