// docs/reference/documents.md from the JSON Schemas of our documents.
import { table } from './markdown.ts';

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly title?: string;
}

export function documentsPage(
  documents: readonly { readonly name: string; readonly intro: string; readonly schema: object }[],
): string {
  return [
    '# Documents',
    '',
    '`kubeplan schema NAME` prints the JSON Schema of each. Readers must accept members that they do not know.',
    '',
    ...documents.flatMap(({ name, intro, schema }) => [
      `## ${name}`,
      '',
      intro,
      '',
      table(['member', 'type', 'is'], rowsOf(schema as Schema, '')),
      '',
    ]),
  ].join('\n');
}

/** Every member by its path; `*` marks those that must be there. */
function rowsOf(schema: Schema, path: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const mark = schema.required?.includes(name) ? ' *' : '';
    const inner = member.items ?? member;
    const below = member.items ? `${here}[]` : here;
    return [[`\`${here}\`${mark}`, typeText(member), member.description ?? ''], ...rowsOf(inner, below)];
  });
}

function typeText(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeText))].join(', ');
  if (schema.items) return `list of ${typeText(schema.items)}`;
  const [value] = Object.values(schema.patternProperties ?? {});
  if (value) return `map of ${typeText(value)}`;
  return schema.type ?? 'any';
}
