// `-o custom-columns`: a column for each JSONPath.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/get/customcolumn.go, Kubernetes v1.36.3.
import { goText } from './go-value.ts';
import { findResults } from './jsonpath/evaluate.ts';
import { JsonPathError, type ListNode, parseJsonPath } from './jsonpath/parser.ts';
import { alignTabs, TABLE_LAYOUT } from './tab-writer.ts';
import { escapeTerminal } from './table.ts';

const RELAXED = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;
const ERR_PATH =
  "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'";
const ERR_EMPTY = 'custom-columns format specified but no custom columns given';
const NOTHING = '<none>';

interface CustomColumn {
  readonly header: string;
  readonly path: string;
}

/** `metadata.name`, `.metadata.name` and `{.metadata.name}` mean the same. Throws JsonPathError. */
export function relaxedJsonPath(text: string): string {
  if (text === '') return text;
  const match = RELAXED.exec(text);
  if (!match) throw new JsonPathError(ERR_PATH);
  return `{.${match[1] || match[2]}}`;
}

/** Throws JsonPathError. */
export function parseCustomColumns(spec: string): readonly CustomColumn[] {
  if (spec === '') throw new JsonPathError(ERR_EMPTY);
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) {
      throw new JsonPathError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    }
    return { header: part.slice(0, colon), path: relaxedJsonPath(part.slice(colon + 1)) };
  });
}

/** What was printed, and the error that ended it: the header comes even where a path cannot be read. */
export function customColumnsText(
  columns: readonly CustomColumn[],
  objects: readonly unknown[],
  noHeaders: boolean,
): { readonly text: string; readonly error?: string } {
  let lines = noHeaders ? '' : `${columns.map(({ header }) => header).join('\t')}\n`;
  try {
    const paths = columns.map(({ path }) => parseJsonPath(path));
    for (const object of objects) lines += `${paths.map((path) => cellText(path, object)).join('\t')}\n`;
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    return { text: alignTabs(lines, TABLE_LAYOUT), error: error.message };
  }
  return { text: alignTabs(lines, TABLE_LAYOUT) };
}

function cellText(path: ListNode, object: unknown): string {
  const values = findResults(path, object);
  const texts = values.flat().map((value) => escapeTerminal(goText(value)));
  return (values[0]?.length ? texts : [NOTHING, ...texts]).join(',');
}
