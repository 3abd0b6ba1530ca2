// Reads the text form of a label selector.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/labels/selector.go (Lexer, Parser), Kubernetes v1.36.3.
// Differs: upstream scans bytes; here a character beyond ASCII is one step, which shows in no message.
import { fieldErrorMessage } from '../apimachinery/field-error.ts';
import { compareBytes } from '../apimachinery/go/json.ts';
import {
  BINARY_OPERATOR_LIST,
  errorsText,
  labelKeyError,
  newRequirement,
  type Requirement,
  type RequirementOperator,
} from './requirement.ts';

type TokenKind =
  | 'error'
  | 'end'
  | ')'
  | ','
  | '!'
  | '=='
  | '='
  | '>'
  | 'identifier'
  | 'in'
  | '<'
  | '!='
  | 'notin'
  | '(';

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const SYMBOLS: ReadonlySet<string> = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);
const SYMBOL = /[=!(),><]/;
const SPACE = /[ \t\r\n]/;
const END: Token = { kind: 'end', text: '' };

const OPERATORS: ReadonlyMap<TokenKind, RequirementOperator> = new Map([
  ['in', 'in'],
  ['=', '='],
  ['==', '=='],
  ['>', 'gt'],
  ['<', 'lt'],
  ['notin', 'notin'],
  ['!=', '!='],
]);

class ParseError extends Error {}

function fail(message: string): never {
  throw new ParseError(message);
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && SPACE.test(text.charAt(at))) at++;
    // A NUL ends the text, as it does in upstream's reader.
    if (at >= text.length || text.charAt(at) === '\0') break;
    const scanned = SYMBOL.test(text.charAt(at)) ? scanSymbol(text, at) : scanWord(text, at);
    tokens.push(scanned.token);
    at = scanned.next;
  }
  tokens.push(END);
  return tokens;
}

interface Scanned {
  readonly token: Token;
  readonly next: number;
}

/** The longest symbol, once a symbol has been seen. */
function scanSymbol(text: string, start: number): Scanned {
  let buffer = '';
  let found = '';
  let at = start;
  while (at < text.length && SYMBOL.test(text.charAt(at))) {
    buffer += text.charAt(at);
    if (SYMBOLS.has(buffer)) found = buffer;
    else if (found !== '') break;
    at++;
  }
  if (found === '') {
    return { token: { kind: 'error', text: `error expected: keyword found '${buffer}'` }, next: at };
  }
  // Only a symbol of the table is ever found.
  return { token: { kind: found as TokenKind, text: found }, next: at };
}

function scanWord(text: string, start: number): Scanned {
  let at = start;
  while (
    at < text.length &&
    !SYMBOL.test(text.charAt(at)) &&
    !SPACE.test(text.charAt(at)) &&
    text.charAt(at) !== '\0'
  ) {
    at++;
  }
  const word = text.slice(start, at);
  const kind = word === 'in' || word === 'notin' ? word : 'identifier';
  return { token: { kind, text: word }, next: text.charAt(at) === '\0' ? at + 1 : at };
}

export class LabelSelectorParser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  /** The requirements in the order written, or what is wrong with the text. */
  parse(): readonly Requirement[] | string {
    try {
      return this.#requirements();
    } catch (error) {
      if (error instanceof ParseError) return error.message;
      throw error;
    }
  }

  #requirements(): readonly Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'end') return requirements;
      if (token.kind !== 'identifier' && token.kind !== '!') {
        fail(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#prefixed());
      const next = this.#take();
      if (next.kind === 'end') return requirements;
      if (next.kind !== ',') fail(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (after.kind !== 'identifier' && after.kind !== '!') {
        fail(`found '${after.text}', expected: identifier after ','`);
      }
    }
  }

  #prefixed(): Requirement {
    try {
      return this.#requirement();
    } catch (error) {
      if (error instanceof ParseError) fail(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #requirement(): Requirement {
    let token = this.#take();
    const negated = token.kind === '!';
    if (negated) token = this.#take();
    if (token.kind !== 'identifier') fail(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const keyError = labelKeyError(key, undefined);
    if (keyError !== undefined) fail(fieldErrorMessage(keyError));
    if (negated) return made(key, '!', []);
    const { kind } = this.#peek();
    if (kind === 'end' || kind === ',') return made(key, 'exists', []);
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#values() : this.#exactValue();
    return made(key, operator, [...values].sort(compareBytes));
  }

  /** The only place where in and notin are operators rather than words. */
  #operator(): RequirementOperator {
    const token = this.#tokens[this.#position++] ?? END;
    return OPERATORS.get(token.kind) ?? fail(`found '${token.text}', expected: ${BINARY_OPERATOR_LIST}`);
  }

  #values(): ReadonlySet<string> {
    const open = this.#take();
    if (open.kind !== '(') fail(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.kind === ')') {
      this.#take();
      return new Set(['']);
    }
    if (first.kind !== 'identifier' && first.kind !== ',') {
      fail(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = this.#list();
    if (this.#take().kind !== ')') fail(`found '${first.text}', expected: ')'`);
    return values;
  }

  /** Identifiers between commas, any of them possibly empty. */
  #list(): ReadonlySet<string> {
    const values = new Set<string>();
    for (;;) {
      const token = this.#take();
      const next = this.#peek();
      if (token.kind === 'identifier') {
        values.add(token.text);
        if (next.kind === ')') return values;
        if (next.kind !== ',') fail(`found '${next.text}', expected: ',' or ')'`);
      } else if (token.kind === ',') {
        if (values.size === 0) values.add('');
        if (next.kind === ')') return values.add('');
        if (next.kind === ',') values.add('');
      } else fail(`found '${token.text}', expected: ',', or identifier`);
    }
  }

  #exactValue(): ReadonlySet<string> {
    const { kind } = this.#peek();
    if (kind === 'end' || kind === ',') return new Set(['']);
    const token = this.#take();
    if (token.kind !== 'identifier') fail(`found '${token.text}', expected: identifier`);
    return new Set([token.text]);
  }

  #peek(): Token {
    return asValue(this.#tokens[this.#position] ?? END);
  }

  #take(): Token {
    return asValue(this.#tokens[this.#position++] ?? END);
  }
}

function asValue(token: Token): Token {
  return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token;
}

function made(key: string, operator: RequirementOperator, values: readonly string[]): Requirement {
  const requirement = newRequirement(key, operator, values);
  return requirement.ok ? requirement.value : fail(errorsText(requirement.errors));
}
