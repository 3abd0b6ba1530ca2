// A JSON value as the YAML that Kubernetes tools print: block style, keys in natural order, lines folded at 80 columns.
// Behaviour: go.yaml.in/yaml v2.4.4 encode.go, emitterc.go as used by sigs.k8s.io/yaml v1.6 (Marshal), Kubernetes v1.36.3.
// Differs: a U+0085 within a text stays; kubectl reads the JSON that it wrote as YAML, to which it is a line break.
import { goFloat } from '../../apimachinery/go/quote.ts';
import { isBreak, isPrintable } from '../yaml/characters.ts';
import { sortedKeys } from './key-order.ts';
import { keyStyle, valueStyle } from './scalar-style.ts';

export type YamlValue =
  | null
  | boolean
  | number
  | string
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

const INDENT = 2;
const WIDTH = 80;
/** Longer keys need a `?` of their own. */
const LONGEST_SIMPLE_KEY = 128;
const BYTE_ORDER_MARK = '\ufeff';
/** No quotes, no backslash, no breaks: printable ASCII that no style has to do anything about. */
const ORDINARY = /^[ !#-&(-[\]-~]*$/;

/** Of a value of JSON; properties that are undefined are left out, as JSON leaves them out. */
export function writeYaml(value: unknown): string {
  const writer = new YamlWriter();
  writer.node((value ?? null) as YamlValue, -1, false);
  return writer.end();
}

class YamlWriter {
  /** Put together at the end: a text that grows piece by piece keeps all its pieces. */
  readonly #out: string[] = [];
  #column = 0;
  /** Whether the last thing written was white space, so that none is needed. */
  #whitespace = true;
  /** Whether only indentation and indicators of it stand on this line. */
  #indention = true;

  end(): string {
    this.#writeIndent(0);
    return this.#out.join('');
  }

  /** `indent` is that of the node around; `isInMapping` tells that the node is the value of a key. */
  node(value: YamlValue, indent: number, isInMapping: boolean): void {
    if (Array.isArray(value)) {
      if (value.length === 0) this.#indicator('[]');
      else this.#sequence(value, isInMapping && !this.#indention && indent >= 0 ? indent : nextIndent(indent));
    } else if (typeof value === 'object' && value !== null) {
      const map = value as { readonly [key: string]: YamlValue | undefined };
      const keys = sortedKeys(map);
      if (keys.length === 0) this.#indicator('{}');
      else this.#mapping(map, keys, nextIndent(indent));
    } else this.#scalar(value as null | boolean | number | string, indent, false);
  }

  #sequence(items: readonly YamlValue[], indent: number): void {
    for (const item of items) {
      this.#writeIndent(indent);
      this.#indicator('-', true);
      this.node(item, indent, false);
    }
  }

  #mapping(map: { readonly [key: string]: YamlValue | undefined }, keys: readonly string[], indent: number): void {
    for (const key of keys) {
      this.#writeIndent(indent);
      if (isSimpleKey(key)) {
        this.#scalar(key, indent, true);
        this.#indicatorWithoutSpace(':');
      } else {
        this.#indicator('?', true);
        this.#scalar(key, indent, false);
        this.#writeIndent(indent);
        this.#indicator(':', true);
      }
      this.node(map[key]!, indent, true);
    }
  }

  #scalar(value: null | boolean | number | string, indent: number, isKey: boolean): void {
    const inner = indent < 0 ? INDENT : indent + INDENT;
    if (typeof value !== 'string') {
      this.#plain(
        value === null ? 'null' : typeof value === 'number' ? numberText(value) : String(value),
        inner,
        !isKey,
      );
    } else {
      const style = isKey ? keyStyle(value) : valueStyle(value);
      if (style === 'plain') this.#plain(value, inner, !isKey);
      else if (style === 'single') this.#singleQuoted(value, inner, !isKey);
      else if (style === 'double') this.#doubleQuoted(value, inner, !isKey);
      else this.#literal(value, inner);
    }
  }

  #put(text: string): void {
    this.#out.push(text);
    this.#column += lengthOf(text);
  }

  /** Whether the text is written as it is: it holds nothing to escape and ends before a line may be folded. */
  #isWrittenAsIs(text: string): boolean {
    return this.#column + text.length <= WIDTH && ORDINARY.test(text);
  }

  #break(text = '\n'): void {
    this.#out.push(text);
    this.#column = 0;
  }

  #writeIndent(given: number): void {
    const indent = Math.max(given, 0);
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace)) this.#break();
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column));
    this.#whitespace = true;
    this.#indention = true;
  }

  #indicator(text: string, isIndention = false): void {
    if (!this.#whitespace) this.#put(' ');
    this.#indicatorWithoutSpace(text, isIndention);
  }

  #indicatorWithoutSpace(text: string, isIndention = false): void {
    this.#put(text);
    this.#whitespace = false;
    this.#indention &&= isIndention;
  }

  #plain(text: string, indent: number, mayFold: boolean): void {
    if (!this.#whitespace) this.#put(' ');
    this.#folded(text, indent, mayFold, true, (char) => char);
    this.#whitespace = false;
    this.#indention = false;
  }

  #singleQuoted(text: string, indent: number, mayFold: boolean): void {
    this.#indicator("'");
    this.#folded(text, indent, mayFold, false, (char) => (char === "'" ? "''" : char));
    this.#indicatorWithoutSpace("'");
    this.#indention = false;
  }

  /** Text whose line may be broken at a single space, and whose own line breaks are doubled. */
  #folded(text: string, indent: number, mayFold: boolean, atEnds: boolean, write: (char: string) => string): void {
    if (this.#isWrittenAsIs(text)) {
      this.#put(text);
      return;
    }
    const chars = [...text];
    let spaces = false;
    let breaks = false;
    for (const [i, char] of chars.entries()) {
      if (char === ' ') {
        const isInside = atEnds || (i > 0 && i < chars.length - 1);
        if (mayFold && !spaces && this.#column > WIDTH && isInside && chars[i + 1] !== ' ') this.#writeIndent(indent);
        else this.#put(char);
        spaces = true;
      } else if (isBreak(char, 0)) {
        if (!breaks && char === '\n') this.#break();
        this.#break(char);
        this.#indention = true;
        breaks = true;
      } else {
        if (breaks) this.#writeIndent(indent);
        this.#put(write(char));
        this.#indention = false;
        spaces = false;
        breaks = false;
      }
    }
  }

  #doubleQuoted(text: string, indent: number, mayFold: boolean): void {
    this.#indicator('"');
    const isAsIs = this.#isWrittenAsIs(text);
    if (isAsIs) this.#put(text);
    const chars = isAsIs ? [] : [...text];
    // Upstream asks at each character whether the text begins with a byte order mark.
    const hasMark = text.startsWith(BYTE_ORDER_MARK);
    let spaces = false;
    for (const [i, char] of chars.entries()) {
      if (hasMark || !isPrintable(char, 0) || isBreak(char, 0) || char === '"' || char === '\\') {
        this.#put(escaped(char));
        spaces = false;
      } else if (char === ' ') {
        if (mayFold && !spaces && this.#column > WIDTH && i > 0 && i < chars.length - 1) {
          this.#writeIndent(indent);
          if (chars[i + 1] === ' ') this.#put('\\');
        } else this.#put(char);
        spaces = true;
      } else {
        this.#put(char);
        spaces = false;
      }
    }
    this.#indicatorWithoutSpace('"');
    this.#indention = false;
  }

  #literal(text: string, indent: number): void {
    this.#indicator('|');
    if (text.startsWith(' ') || isBreak(text[0] ?? '', 0)) this.#indicatorWithoutSpace(String(INDENT));
    const chars = [...text];
    const last = chars.at(-1) ?? '';
    const beforeLast = chars.at(-2);
    if (!isBreak(last, 0)) this.#indicatorWithoutSpace('-');
    else if (beforeLast === undefined || isBreak(beforeLast, 0)) this.#indicatorWithoutSpace('+');
    this.#break();
    this.#indention = true;
    this.#whitespace = true;
    let breaks = true;
    for (const char of chars) {
      if (isBreak(char, 0)) {
        this.#break(char);
        this.#indention = true;
        breaks = true;
      } else {
        if (breaks) this.#writeIndent(indent);
        this.#put(char);
        this.#indention = false;
        breaks = false;
      }
    }
  }
}

function nextIndent(indent: number): number {
  return indent < 0 ? 0 : indent + INDENT;
}

function lengthOf(text: string): number {
  return /[\ud800-\udfff]/.test(text) ? [...text].length : text.length;
}

function isSimpleKey(key: string): boolean {
  if (key.length <= LONGEST_SIMPLE_KEY && ORDINARY.test(key)) return true;
  return !/[\r\n\u0085\u2028\u2029]/.test(key) && Buffer.byteLength(key) <= LONGEST_SIMPLE_KEY;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

function escaped(char: string): string {
  const short = ESCAPES[char];
  if (short !== undefined) return `\\${short}`;
  const code = char.codePointAt(0) ?? 0;
  const hex = (digits: number) => code.toString(16).toUpperCase().padStart(digits, '0');
  if (code <= 0xff) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

/** Upstream goes through JSON, which has the shortest digits of a float and all those of an int64, and reads back what fits 64 bits as an integer. */
function numberText(value: number): string {
  if (!Number.isInteger(value) || value < -(2 ** 63) || value >= 2 ** 64) return goFloat(value);
  return value < 2 ** 63 ? BigInt(value).toString() : String(value);
}
