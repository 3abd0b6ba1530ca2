// How any rule of the grammar reads tokens, and recovers from errors exactly as ANTLR's default strategy does.
// Behaviour: cel-go v0.26.0 parser/parser.go; ANTLR 4 DefaultErrorStrategy.
import { EOF, type Token, tokenSetText } from './lexer.ts';
import type { Source } from './source.ts';

const MAX_RULE_DEPTH = 250;
const MAX_RECOVERIES = 30;
const MAX_RECOVERY_TOKENS = 256;
/** The end of the rule can be reached without another token. */
export const EPSILON = -2;

export type Tokens = ReadonlySet<number>;
export const set = (...parts: readonly (number | Tokens)[]): Tokens =>
  new Set(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));

/** A node of the parse tree; alt '' is a node whose reading failed before its form was known. */
export interface Node {
  readonly rule: string;
  alt: string;
  start: Token;
  readonly tokens: Record<string, Token | undefined>;
  readonly nodes: Record<string, Node | undefined>;
  readonly tokenLists: Record<string, Token[]>;
  readonly nodeLists: Record<string, Node[]>;
}

/** Ends the reading; a message is reported without a position. */
export class ParseAbort extends Error {}

class Recognition extends Error {
  readonly text: string;
  readonly offending: Token;
  constructor(text: string, offending: Token) {
    super(text);
    this.text = text;
    this.offending = offending;
  }
}

export class RuleReader {
  readonly #tokens: readonly Token[];
  readonly #source: Source;
  readonly #report: (offset: number, message: string) => void;
  #at = 0;
  #recovering = false;
  #attempts = 0;
  #lastErrorAt = -1;
  #lastErrorStates = new Set<string>();
  /** What may follow each rule being read, innermost last. */
  readonly #follow: Tokens[] = [];
  readonly #depths = new Map<string, number>();
  #state = '';

  constructor(tokens: readonly Token[], source: Source, report: (offset: number, message: string) => void) {
    this.#tokens = tokens;
    this.#source = source;
    this.#report = report;
  }

  #node(rule: string): Node {
    return { rule, alt: '', start: this.#lt(1), tokens: {}, nodes: {}, tokenLists: {}, nodeLists: {} };
  }

  #enter(rule: string): void {
    const depth = (this.#depths.get(rule) ?? 0) + 1;
    this.#depths.set(rule, depth);
    if (depth > MAX_RULE_DEPTH) throw new ParseAbort(`expression recursion limit exceeded: ${MAX_RULE_DEPTH}`);
  }

  #leave(rule: string): void {
    this.#depths.set(rule, (this.#depths.get(rule) ?? 1) - 1);
  }

  /** Few frames for each rule: a deep expression must reach the limit before the stack ends. */
  rule(rule: string, follow: Tokens, body: (node: Node) => void): Node {
    const node = this.#node(rule);
    this.#enter(rule);
    this.#follow.push(follow);
    try {
      body(node);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#follow.pop();
      this.#leave(rule);
    }
    return node;
  }

  /** A rule that starts with itself: next gives a node around the one read so far. */
  leftRecursive(rule: string, follow: Tokens, body: (next: () => Node) => void): Node {
    const { start } = this.#node(rule);
    let current: Node | undefined;
    const next = (): Node => {
      const node = this.#node(rule);
      node.start = start;
      node.nodes.left = current;
      current = node;
      return node;
    };
    this.#enter(rule);
    this.#follow.push(follow);
    try {
      body(next);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#follow.pop();
      this.#leave(rule);
    }
    return current ?? this.#node(rule);
  }

  #failed(error: unknown): void {
    if (!(error instanceof Recognition)) throw error;
    this.#reportRecognition(error);
    this.#recover();
  }

  #lt(n: number): Token {
    return this.#tokens[Math.min(this.#at + n - 1, this.#tokens.length - 1)] as Token; // the list ends with EOF
  }

  /** The type of the n-th token from here, as ANTLR calls it. */
  la(n: number): number {
    return this.#lt(n).type;
  }

  #consume(): void {
    if (this.#at < this.#tokens.length - 1) this.#at++;
  }

  consumeOperator(): Token {
    const token = this.#lt(1);
    this.#recovering = false;
    this.#consume();
    return token;
  }

  /** The next token where it is of the type; else it is made up or skipped as ANTLR does. `state` names the place in the grammar. */
  match(type: number, state: string, after: Tokens): Token | undefined {
    this.#state = state;
    const token = this.#lt(1);
    if (token.type === type) {
      this.#recovering = false;
      this.#consume();
      return token;
    }
    this.#countAttempt();
    if (this.#deleteToken(set(type))) {
      const matched = this.#lt(1);
      this.#consume();
      return matched;
    }
    if (this.#inContext(after).has(token.type)) {
      if (!this.#recovering) {
        this.#recovering = true;
        this.#notify(token, `missing ${tokenSetText([type])} at ${display(token)}`);
      }
      return { type, text: `<missing ${tokenSetText([type])}>`, start: token.start, end: token.start };
    }
    throw this.#mismatch(set(type));
  }

  /** Before a part that must begin with one of `next`: drops one token that is in the way. */
  sync(state: string, next: Tokens): void {
    this.#state = state;
    if (this.#recovering || next.has(EPSILON) || next.has(this.la(1))) return;
    if (!this.#deleteToken(next)) throw this.#mismatch(next);
  }

  /** Before a part that may repeat: skips what neither begins it again nor follows it. */
  syncLoop(state: string, next: Tokens): void {
    this.#state = state;
    if (this.#recovering || next.has(EPSILON) || next.has(this.la(1))) return;
    this.#reportUnwanted(next);
    this.#consumeUntil(set(this.#inContext(next), this.#recoverySet()), false);
  }

  /** Whether dropping the current token makes the next one fit. */
  #deleteToken(next: Tokens): boolean {
    if (!this.#inContext(next).has(this.la(2))) return false;
    this.#reportUnwanted(next);
    this.#consume();
    this.#recovering = false;
    return true;
  }

  #reportUnwanted(next: Tokens): void {
    if (this.#recovering) return;
    this.#recovering = true;
    this.#notify(
      this.#lt(1),
      `extraneous input ${display(this.#lt(1))} expecting ${tokenSetText(this.#inContext(next))}`,
    );
  }

  /** next, and where the rule can end there, what may follow it in the rules around. */
  #inContext(next: Tokens): Tokens {
    if (!next.has(EPSILON)) return next;
    const all = new Set(next);
    let depth = this.#follow.length;
    while (all.has(EPSILON) && depth > 0) {
      all.delete(EPSILON);
      depth--;
      for (const type of this.#follow[depth] ?? []) all.add(type);
    }
    if (all.delete(EPSILON)) all.add(EOF);
    return all;
  }

  #recoverySet(): Tokens {
    const all = set(...this.#follow.slice(1));
    return new Set([...all].filter((type) => type !== EPSILON));
  }

  #mismatch(next: Tokens): Recognition {
    const expected = tokenSetText(this.#inContext(next));
    return new Recognition(`mismatched input ${display(this.#lt(1))} expecting ${expected}`, this.#lt(1));
  }

  noViable(from: number, to: number): Recognition {
    const first = this.#lt(from);
    const last = this.#lt(to);
    const text = first.type === EOF ? '<EOF>' : this.#source.text(first.start, last.end);
    const shown = `no viable alternative at input '${escapeText(text)}'`;
    return new Recognition(
      shown.replace(
        /no viable alternative at input '.(true|false|null)'/,
        "mismatched input '$1' expecting IDENTIFIER",
      ),
      last,
    );
  }

  #reportRecognition(error: Recognition): void {
    if (this.#recovering) return;
    this.#recovering = true;
    this.#notify(error.offending, error.text);
  }

  #recover(): void {
    this.#countAttempt();
    let skipped = 0;
    if (this.#lastErrorAt === this.#at && this.#lastErrorStates.has(this.#state)) {
      this.#consume();
      skipped++;
    }
    this.#lastErrorAt = this.#at;
    this.#lastErrorStates.add(this.#state);
    this.#consumeUntil(this.#recoverySet(), true, skipped);
  }

  #consumeUntil(stop: Tokens, limited: boolean, skipped = 0): void {
    let count = skipped;
    while (this.la(1) !== EOF && !stop.has(this.la(1))) {
      if (limited && count >= MAX_RECOVERY_TOKENS) {
        throw new ParseAbort(`error recovery token lookahead limit exceeded: ${MAX_RECOVERY_TOKENS}`);
      }
      count++;
      this.#consume();
    }
  }

  #countAttempt(): void {
    if (this.#attempts === MAX_RECOVERIES) {
      this.#notify(this.#lt(1), `error recovery attempt limit exceeded: ${MAX_RECOVERIES}`);
      throw new ParseAbort('');
    }
    this.#attempts++;
  }

  #notify(token: Token, message: string): void {
    this.#report(token.start, message);
  }
}

function display(token: Token): string {
  return `'${escapeText(token.text)}'`;
}

function escapeText(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}
