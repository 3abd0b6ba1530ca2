// One YAML document to the JSON value that kube-apiserver would see, with what its strict decoder objects to.
// Behaviour: sigs.k8s.io/yaml v1.6 (YAMLToJSONStrict) over go.yaml.in/yaml v2, Kubernetes v1.36.3.
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type YAMLMap,
} from 'yaml';
import { resolvePlainScalar, type ScalarValue } from './yaml-scalar.ts';

export interface YamlError {
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

/** Nesting that go-yaml accepts before it gives up. */
const MAX_DEPTH = 10_000;
const EXCESSIVE_ALIASING = 'yaml: document contains excessive aliasing';

class YamlFailure extends Error {
  readonly error: YamlError;
  constructor(error: YamlError) {
    super(error.message);
    this.error = error;
  }
}

export function parseYamlDocument(text: string): YamlDocument {
  const control = CONTROL.exec(text);
  if (control)
    return failed({ message: 'yaml: control characters are not allowed', ...positionAt(text, control.index) });
  try {
    const lines = new LineCounter();
    const [document] = new Composer({
      version: '1.1',
      schema: 'failsafe',
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: 'silent',
    }).compose(new Parser(lines.addNewLine).parse(text), true, text.length);
    if (document && document.errors.length > 0) return failed(goError(document.errors, lines));
    const reader = new Reader(lines);
    return { value: document?.contents ? reader.read(document.contents, 0) : null, duplicates: reader.duplicates };
  } catch (thrown) {
    if (thrown instanceof YamlFailure) return failed(thrown.error);
    if (thrown instanceof RangeError) return failed({ message: 'yaml: exceeded max depth' });
    throw thrown;
  }
}

/** The YAML node at a path of keys and indexes, for the position of a field; undefined when the text has none. */
export function positionOf(
  text: string,
  path: readonly (string | number)[],
): { readonly line: number; readonly column: number } | undefined {
  const { document, lines } = composedWithPositions(text);
  let node: unknown = document?.contents;
  let offset: number | undefined = rangeStart(node);
  for (const step of path) {
    if (isAlias(node) && document) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && keyText(resolve(key)) === String(step));
      if (!pair) break;
      offset = rangeStart(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) break;
      offset = rangeStart(item) ?? offset;
      node = item;
    } else break;
  }
  if (offset === undefined) return undefined;
  const { line, col } = lines.linePos(offset);
  return line === 0 ? { line: 1, column: 1 } : { line, column: col };
}

interface Composed {
  readonly text: string;
  readonly document: Document.Parsed | undefined;
  readonly lines: LineCounter;
}

/** The text composed last: thousands of objects of one List are looked up in one text. */
let lastComposed: Composed | undefined;

function composedWithPositions(text: string): Composed {
  if (lastComposed?.text === text) return lastComposed;
  const lines = new LineCounter();
  const [document] = new Composer({
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    logLevel: 'silent',
  }).compose(new Parser(lines.addNewLine).parse(text), true, text.length);
  lastComposed = { text, document, lines };
  return lastComposed;
}

function rangeStart(node: unknown): number | undefined {
  return (node as { readonly range?: readonly number[] | null } | null | undefined)?.range?.[0];
}

// Everything that YAML 1.1 counts as not printable.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;

function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}

function failed(error: YamlError): YamlDocument {
  return { value: undefined, duplicates: [], error };
}

class Reader {
  readonly duplicates: { line: number; column: number; message: string }[] = [];
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, Node>();
  #decoded = 0;
  #fromAliases = 0;
  #aliasDepth = 0;
  readonly #open = new Set<unknown>();

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  read(node: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new YamlFailure({ message: 'yaml: exceeded max depth' });
    this.#count();
    if (isAlias(node)) return this.#readAlias(node, depth);
    const anchor = (node as { readonly anchor?: string } | null)?.anchor;
    if (anchor) this.#anchors.set(anchor, node as Node);
    if (isScalar(node)) return finite(resolve(node));
    if (isMap(node)) return this.#readMap(node, depth);
    if (isSeq(node)) return node.items.map((item) => this.read(item, depth + 1));
    return null;
  }

  #readAlias(
    node: { readonly source: string; readonly range?: readonly number[] | null | undefined },
    depth: number,
  ): unknown {
    const target = this.#anchors.get(node.source);
    if (!target)
      throw new YamlFailure({ message: `yaml: unknown anchor '${node.source}' referenced`, ...this.#at(node) });
    if (this.#open.has(target))
      throw new YamlFailure({ message: `yaml: anchor '${node.source}' value contains itself`, ...this.#at(node) });
    this.#open.add(target);
    this.#aliasDepth += 1;
    const value = this.read(target, depth + 1);
    this.#aliasDepth -= 1;
    this.#open.delete(target);
    return value;
  }

  #readMap(map: YAMLMap, depth: number): unknown {
    const value: Record<string, unknown> = Object.create(null);
    // go-yaml tells keys apart before they become text: 1000 and 1e3 are two.
    const seen = new Set<string>();
    const set = (name: string, id: string, content: unknown, at: unknown): void => {
      if (seen.has(id)) this.#duplicate(name, at);
      seen.add(id);
      value[name] = content;
    };
    for (const { key, value: item } of map.items) {
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') {
        for (const source of this.#mergeSources(item, depth))
          for (const name of Object.keys(source)) set(name, `string ${name}`, source[name], item);
        continue;
      }
      if (!isScalar(key) && !isAlias(key)) {
        const text = isSeq(key) ? '[]interface {}' : 'map[interface {}]interface {}';
        throw new YamlFailure({
          message: `yaml: invalid map key: ${text}${goLiteral(this.read(key, depth + 1))}`,
          ...this.#at(key),
        });
      }
      // What a key resolves to is a scalar: an alias to anything else fails as its text.
      const resolved = this.read(key, depth + 1) as ScalarValue;
      const content = this.read(item, depth + 1);
      const name = keyText(resolved);
      if (name === undefined)
        throw new YamlFailure({
          message: `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goLiteral(content)}`,
          ...this.#at(key),
        });
      const isFloat = isScalar(key) && typeof resolved === 'number' && /^[^xX]*[.eE]/.test(String(key.source));
      set(name, `${isFloat ? 'float' : typeof resolved} ${name}`, content, rangeStart(item) === undefined ? key : item);
    }
    return value;
  }

  /** The value's line counts, as in go-yaml. */
  #duplicate(name: string, node: unknown): void {
    const at = this.#at(node);
    this.duplicates.push({ ...at, message: `line ${at.line}: key ${JSON.stringify(name)} already set in map` });
  }

  #mergeSources(node: unknown, depth: number): Record<string, unknown>[] {
    const sources = isSeq(node) ? node.items : [node];
    return sources.map((source) => {
      const value = this.read(source, depth + 1);
      if (value === null || typeof value !== 'object' || Array.isArray(value))
        throw new YamlFailure({
          message: 'yaml: map merge requires map or sequence of maps as the value',
          ...this.#at(node),
        });
      return value as Record<string, unknown>;
    });
  }

  #at(node: unknown): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(rangeStart(node) ?? 0);
    return line === 0 ? { line: 1, column: 1 } : { line, column: col };
  }

  /** go-yaml's guard against documents that aliases blow up. */
  #count(): void {
    this.#decoded += 1;
    if (this.#aliasDepth > 0) this.#fromAliases += 1;
    if (
      this.#fromAliases > 100 &&
      this.#decoded > 1000 &&
      this.#fromAliases / this.#decoded > allowedAliasRatio(this.#decoded)
    )
      throw new YamlFailure({ message: EXCESSIVE_ALIASING });
  }
}

function allowedAliasRatio(decoded: number): number {
  if (decoded <= 400_000) return 0.99;
  if (decoded >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((decoded - 400_000) / 3_600_000);
}

function resolve(node: {
  readonly type?: unknown;
  readonly value: unknown;
  readonly source?: string | undefined;
  readonly tag?: string | undefined;
}): ScalarValue {
  const text = String(node.value ?? '');
  if (node.tag && node.tag !== '!') return resolveTagged(node.tag, node.source ?? text);
  return node.type === 'PLAIN' || node.value === null || node.type === undefined
    ? resolvePlainScalar(node.source ?? text)
    : text;
}

function resolveTagged(tag: string, text: string): ScalarValue {
  if (tag === 'tag:yaml.org,2002:str') return text;
  if (tag === 'tag:yaml.org,2002:binary') return text;
  const value = resolvePlainScalar(text);
  if (tag === 'tag:yaml.org,2002:float' && typeof value === 'number') return value;
  return value;
}

/** JSON has no number for these. */
function finite(value: ScalarValue): ScalarValue {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  const text = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  throw new YamlFailure({ message: `json: unsupported value: ${text}` });
}

/** The JSON key of a YAML key; undefined for null, which has none. */
function keyText(key: ScalarValue): string | undefined {
  if (key === null) return undefined;
  if (typeof key !== 'number') return String(key);
  if (Number.isInteger(key)) return String(key);
  if (Number.isNaN(key)) return '.nan';
  if (!Number.isFinite(key)) return key > 0 ? '.inf' : '-.inf';
  return String(Math.fround(key) === key ? key : Number(Math.fround(key).toPrecision(8)));
}

function goLiteral(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `{${value.map(goLiteral).join(', ')}}`;
  if (value === null) return 'interface {}(nil)';
  return String(value);
}

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** A rule of go-yaml: its scanner counts lines from 1, its parser from 0, and neither names line 0. */
interface GoRule {
  readonly code: string;
  readonly pattern?: RegExp;
  readonly text: string;
  readonly by: 'scanner' | 'parser';
  /** Lines that go-yaml is ahead. */
  readonly ahead?: number;
}

const MAPPING_VALUES = 'mapping values are not allowed in this context';
const CANNOT_START = 'found character that cannot start any token';
const EXPECTED_KEY = 'did not find expected key';

const GO_RULES: readonly GoRule[] = [
  { code: 'BLOCK_AS_IMPLICIT_KEY', text: MAPPING_VALUES, by: 'scanner' },
  { code: 'MULTILINE_IMPLICIT_KEY', text: MAPPING_VALUES, by: 'scanner' },
  { code: 'BAD_INDENT', pattern: /^Flow map/, text: "did not find expected ',' or '}'", by: 'parser' },
  { code: 'BAD_INDENT', pattern: /^Flow sequence/, text: "did not find expected ',' or ']'", by: 'parser' },
  { code: 'BAD_INDENT', text: EXPECTED_KEY, by: 'parser' },
  { code: 'BAD_SCALAR_START', text: CANNOT_START, by: 'scanner' },
  { code: 'TAB_AS_INDENT', text: CANNOT_START, by: 'scanner' },
  { code: 'MISSING_CHAR', pattern: /^Missing closing/, text: 'found unexpected end of stream', by: 'scanner' },
  { code: 'MISSING_CHAR', pattern: /^Implicit map keys/, text: "could not find expected ':'", by: 'scanner', ahead: 1 },
  {
    code: 'UNEXPECTED_TOKEN',
    pattern: /block-seq-ind/,
    text: 'block sequence entries are not allowed in this context',
    by: 'scanner',
  },
  { code: 'UNEXPECTED_TOKEN', text: EXPECTED_KEY, by: 'parser' },
  { code: 'BAD_DQ_ESCAPE', text: 'found unknown escape character', by: 'scanner' },
];

/** The parser's findings in go-yaml's words where it has the same rule, else in the parser's own. */
function goError(findings: readonly Finding[], lines: LineCounter): YamlError {
  const [first, second] = findings as readonly [Finding, Finding?];
  const at = lines.linePos(first.pos[0]);
  const place = { line: Math.max(at.line, 1), column: Math.max(at.col, 1) };
  if (first.code === 'MULTILINE_IMPLICIT_KEY' && second?.code === 'UNEXPECTED_TOKEN')
    return { message: withLine(EXPECTED_KEY, place.line - 1), ...place };
  const rule = GO_RULES.find(({ code, pattern }) => code === first.code && (pattern?.test(first.message) ?? true));
  if (!rule) return { message: withLine(first.message.replace(/ at line .*$/s, ''), place.line), ...place };
  // A key that spreads over lines is noticed where it ends.
  const spread = [first, second].find((finding) => finding?.code === 'MULTILINE_IMPLICIT_KEY');
  const line = spread ? lines.linePos(spread.pos[1]).line : place.line;
  const counted = line + (rule.ahead ?? 0);
  return { message: withLine(rule.text, rule.by === 'parser' || counted === 1 ? counted - 1 : counted), ...place };
}

function withLine(text: string, line: number): string {
  return line > 0 ? `yaml: line ${line}: ${text}` : `yaml: ${text}`;
}
