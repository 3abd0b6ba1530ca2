// One YAML document to the JSON value that kube-apiserver would see, with what its strict decoder objects to.
// Behaviour: sigs.k8s.io/yaml v1.6 (YAMLToJSONStrict) over go.yaml.in/yaml v2, Kubernetes v1.36.3.
import { readMarkedYaml } from './plain-yaml.ts';
import { Decoder } from './yaml/decoder.ts';
import type { Node } from './yaml/node.ts';
import { parseFirstDocument } from './yaml/parser.ts';
import { resolveScalar } from './yaml/resolve.ts';
import { type Mark, YamlProblem } from './yaml/token.ts';

interface YamlError {
  /** In go-yaml's words: `yaml: line 3: mapping values are not allowed in this context`. */
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export interface YamlDocument {
  readonly value: unknown;
  /** Keys that stand twice in a map: `line 7: key "k" already set in map`. */
  readonly duplicates: readonly { readonly line: number; readonly column: number; readonly message: string }[];
  readonly error?: YamlError;
}

export function parseYamlDocument(text: string): YamlDocument {
  try {
    const node = parseFirstDocument(text);
    const decoder = new Decoder();
    const value = node ? decoder.decode(node) : null;
    const duplicates = decoder.duplicates.map(({ message, mark }) => ({ ...placeOf(mark), message }));
    return { value, duplicates };
  } catch (thrown) {
    if (thrown instanceof YamlProblem) {
      const { message, mark } = thrown;
      return failed({ message, ...(mark ? placeOf(mark) : {}) });
    }
    if (thrown instanceof RangeError) return failed({ message: 'yaml: exceeded max depth' });
    throw thrown;
  }
}

function failed(error: YamlError): YamlDocument {
  return { value: undefined, duplicates: [], error };
}

function placeOf({ line, column }: Mark): { readonly line: number; readonly column: number } {
  return { line: line + 1, column: column + 1 };
}

/** Where the YAML node at a path of keys and indexes stands, or the nearest one around it; undefined when the text has none. */
export function positionOf(text: string, path: readonly (string | number)[]): Position | undefined {
  if (lastText !== text) [lastText, lastMarked, lastNode] = [text, readMarkedYaml(text), undefined];
  return lastMarked ? plainPosition(text, lastMarked, path) : nodePosition(text, path);
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text looked at last: thousands of objects of one List are looked up in one text. */
let lastText: string | undefined;
let lastMarked: ReturnType<typeof readMarkedYaml>;
let lastNode: { readonly node: Node | undefined } | undefined;

function plainPosition(
  text: string,
  { value, start, marks }: NonNullable<typeof lastMarked>,
  path: readonly (string | number)[],
): Position | undefined {
  if (value === null) return undefined;
  let at = start;
  let inner: unknown = value;
  for (const step of path) {
    if (typeof inner !== 'object' || inner === null) break;
    const key = Array.isArray(inner) ? Number(step) : String(step);
    const found = marks.get(inner)?.get(key);
    if (found === undefined) break;
    at = found;
    inner = (inner as Record<string | number, unknown>)[key];
  }
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line += 1;
  return { line, column: [...text.slice(lineStart, at)].length + 1 };
}

/** The same by the full parser. */
export function nodePosition(text: string, path: readonly (string | number)[]): Position | undefined {
  let node = parsed(text);
  let mark = node?.start;
  for (const step of path) {
    if (node?.kind === 'alias') node = node.target;
    if (node?.kind === 'mapping') {
      const pair: readonly [Node, Node] | undefined = node.pairs.find(([key]) => isKey(key, String(step)));
      if (!pair) break;
      mark = pair[0].start;
      node = pair[1];
    } else if (node?.kind === 'sequence') {
      const item: Node | undefined = node.items[Number(step)];
      if (!item) break;
      mark = item.start;
      node = item;
    } else break;
  }
  return mark && placeOf(mark);
}

function isKey(node: Node, name: string): boolean {
  const key = node.kind === 'alias' ? node.target : node;
  return key.kind === 'scalar' && (key.value === name || String(resolveScalar(key)) === name);
}

function parsed(text: string): Node | undefined {
  if (lastText === text && lastNode) return lastNode.node;
  let node: Node | undefined;
  try {
    node = parseFirstDocument(text);
  } catch (thrown) {
    // JSON that YAML does not take has no places.
    if (!(thrown instanceof YamlProblem) && !(thrown instanceof RangeError)) throw thrown;
  }
  if (lastText === text) lastNode = { node };
  return node;
}
