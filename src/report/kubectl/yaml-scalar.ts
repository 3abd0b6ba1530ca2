// How a text is written as a YAML scalar: plain, quoted or as a literal block, and where long ones are broken.
// Behaviour: sigs.k8s.io/yaml/goyaml.v2 (encode.go, resolve.go, emitterc.go), as kubectl v1.36.3 uses it.

const BEST_WIDTH = 80;
const LOOKUP_WORDS = new Set(
  'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF <<'.split(
    ' ',
  ),
);
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9][0-9]*)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}([Tt]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[+-]\d{2}:\d{2})|[ ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?)?$/;

interface ScalarPlace {
  /** Columns of indentation of continued lines. */
  readonly indent: number;
  /** Where on the line the text begins. */
  readonly column: number;
  /** A key may not be broken nor be a block. */
  readonly isKey: boolean;
}

export function yamlScalar(text: string, place: ScalarPlace): string {
  const shape = analyze(text);
  if (text.includes('\n') && !place.isKey && shape.blockAllowed) return literalBlock(text, place.indent);
  if (!text.includes('\n') && !resolvesToOther(text)) {
    if (shape.plainAllowed) return broken(text, place);
    if (shape.singleQuotedAllowed)
      return `'${broken(text.replaceAll("'", "''"), { ...place, column: place.column + 1 })}'`;
  }
  return doubleQuoted(text, place);
}

/** Whether the plain text would be read as something that is not a string. */
function resolvesToOther(text: string): boolean {
  if (text === '' || LOOKUP_WORDS.has(text) || BASE_60.test(text)) return true;
  if (!/^[-+.\d]/.test(text)) return false;
  const digits = text.replaceAll('_', '');
  return INTEGER.test(digits) || FLOAT.test(digits) || TIMESTAMP.test(text);
}

interface ScalarShape {
  readonly plainAllowed: boolean;
  readonly singleQuotedAllowed: boolean;
  readonly blockAllowed: boolean;
}

function analyze(text: string): ScalarShape {
  const characters = [...text];
  const first = characters[0];
  const last = characters.at(-1);
  let hasIndicator = text.startsWith('---') || text.startsWith('...');
  let hasSpecial = false;
  let hasLineBreak = false;
  let spaceBeforeBreak = false;
  characters.forEach((character, i) => {
    const followedBySpace = i + 1 >= characters.length || isBlankOrBreak(characters[i + 1]!);
    const precededBySpace = i === 0 || isBlankOrBreak(characters[i - 1]!);
    if (i === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(character)) hasIndicator = true;
      else if ((character === '?' || character === ':') && followedBySpace) hasIndicator = true;
      else if (character === '-' && followedBySpace) hasIndicator = true;
    } else if (character === ':' && followedBySpace) hasIndicator = true;
    else if (character === '#' && precededBySpace) hasIndicator = true;
    if (!isPrintable(character)) hasSpecial = true;
    if (character === '\n') hasLineBreak = true;
    if (character === ' ' && characters[i + 1] === '\n') spaceBeforeBreak = true;
  });
  const edgeSpace = first === ' ' || last === ' ';
  return {
    plainAllowed: !hasIndicator && !hasSpecial && !hasLineBreak && !edgeSpace && first !== '\n',
    singleQuotedAllowed: !hasSpecial && !hasLineBreak && !spaceBeforeBreak,
    blockAllowed: !hasSpecial && !spaceBeforeBreak && last !== ' ',
  };
}

function isBlankOrBreak(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}

function isPrintable(character: string): boolean {
  const code = character.codePointAt(0)!;
  return (
    code === 0x0a ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff && code !== 0x2028 && code !== 0x2029) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  );
}

/** A line beyond the best width ends at the next single space. */
function broken(text: string, { indent, column, isKey }: ScalarPlace): string {
  if (isKey) return text;
  let at = column;
  let out = '';
  let afterSpace = false;
  const characters = [...text];
  characters.forEach((character, i) => {
    const isSpace = character === ' ';
    const isInside = i > 0 && i < characters.length - 1;
    if (isSpace && isInside && !afterSpace && at > BEST_WIDTH && characters[i + 1] !== ' ') {
      out += `\n${' '.repeat(indent)}`;
      at = indent;
    } else {
      out += character;
      at++;
    }
    afterSpace = isSpace;
  });
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string, { indent, column, isKey }: ScalarPlace): string {
  let out = '"';
  let at = column + 1;
  let afterSpace = false;
  const characters = [...text];
  characters.forEach((character, i) => {
    if (character === '"' || character === '\\' || !isPrintable(character) || character === '\n') {
      const escaped = ESCAPES[character] ?? hexEscape(character.codePointAt(0)!);
      out += escaped;
      at += escaped.length;
      afterSpace = false;
    } else if (character === ' ') {
      if (!isKey && !afterSpace && at > BEST_WIDTH && i > 0 && i < characters.length - 1) {
        out += `\n${' '.repeat(indent)}`;
        at = indent;
        if (characters[i + 1] === ' ') {
          out += '\\';
          at++;
        }
      } else {
        out += character;
        at++;
      }
      afterSpace = true;
    } else {
      out += character;
      at++;
      afterSpace = false;
    }
  });
  return `${out}"`;
}

function hexEscape(code: number): string {
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function literalBlock(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|${hint}${chomping}\n${lines.join('\n')}`;
}
