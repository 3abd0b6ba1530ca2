// Reads tokens into a parse tree by CEL's grammar and recovers from errors exactly as ANTLR's default strategy does.
// Behaviour: cel-go v0.26.0 parser/gen/CEL.g4, parser/parser.go; ANTLR 4 DefaultErrorStrategy.
import { EOF, T, type Token, tokenSetText } from './lexer.ts';
import type { Source } from './source.ts';

const MAX_RULE_DEPTH = 250;
const MAX_RECOVERIES = 30;
const MAX_RECOVERY_TOKENS = 256;
// The end of the rule can be reached without another token.
const EPSILON = -2;

type Tokens = ReadonlySet<number>;
const set = (...parts: readonly (number | Tokens)[]): Tokens =>
  new Set(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));

const LITERALS = set(T.TRUE, T.FALSE, T.NULL, T.FLOAT, T.INT, T.UINT, T.STRING, T.BYTES);
const MEMBER = set(T.LBRACKET, T.LBRACE, T.LPAREN, T.DOT, T.MINUS, LITERALS, T.IDENT);
const EXPR = set(MEMBER, T.NOT);
const OPT_EXPR = set(EXPR, T.QUESTION);
const RELATIONS = set(T.EQ, T.NE, T.IN, T.LT, T.LE, T.GE, T.GT);
const MULTIPLICATIONS = set(T.STAR, T.SLASH, T.PERCENT);
const ADDITIONS = set(T.PLUS, T.MINUS);
const END = set(EPSILON);
const AFTER_CALC = set(RELATIONS, EPSILON);
const AFTER_UNARY = set(MULTIPLICATIONS, ADDITIONS, EPSILON);
const AFTER_MEMBER = set(T.DOT, T.LBRACKET, EPSILON);
const OPT_FIELD = set(T.QUESTION, T.IDENT, T.ESC_IDENT);

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

export class Recognizer {
  readonly #tokens: readonly Token[];
  readonly #source: Source;
  readonly #report: (offset: number, message: string) => void;
  #at = 0;
  #recovering = false;
  #attempts = 0;
  #lastErrorAt = -1;
  #lastErrorStates = new Set<string>();
  // What may follow each rule being read, innermost last.
  readonly #follow: Tokens[] = [];
  readonly #depths = new Map<string, number>();
  #state = '';

  constructor(tokens: readonly Token[], source: Source, report: (offset: number, message: string) => void) {
    this.#tokens = tokens;
    this.#source = source;
    this.#report = report;
  }

  start(): Node {
    return this.#rule('start', set(EOF), (node) => {
      node.nodes.e = this.#expr(set(EOF));
      this.#match(EOF, '35', END);
    });
  }

  // ---- grammar

  #expr(follow: Tokens): Node {
    return this.#rule('expr', follow, (node) => {
      node.nodes.e = this.#conditionalOr(set(T.QUESTION, EPSILON));
      if (this.#la(1) === T.QUESTION) {
        node.tokens.op = this.#match(T.QUESTION, '38', EXPR);
        node.nodes.e1 = this.#conditionalOr(set(T.COLON));
        this.#match(T.COLON, '40', EXPR);
        node.nodes.e2 = this.#expr(END);
      }
    });
  }

  #conditionalOr(follow: Tokens): Node {
    return this.#logic('or', T.OR, follow, (next) => this.#conditionalAnd(next));
  }

  #conditionalAnd(follow: Tokens): Node {
    return this.#logic('and', T.AND, follow, (next) => this.#relation(next, 0));
  }

  #logic(rule: string, operator: number, follow: Tokens, part: (follow: Tokens) => Node): Node {
    const next = set(operator, EPSILON);
    return this.#rule(rule, follow, (node) => {
      node.nodes.e = part(next);
      node.tokenLists.ops = [];
      node.nodeLists.rest = [];
      while (this.#la(1) === operator) {
        const op = this.#match(operator, `${rule}-op`, EXPR);
        if (op) node.tokenLists.ops.push(op);
        node.nodeLists.rest.push(part(next));
      }
    });
  }

  #relation(follow: Tokens, precedence: number): Node {
    const next = AFTER_CALC;
    return this.#leftRecursive('relation', follow, (start) => {
      const first = start();
      first.alt = 'calc';
      first.nodes.calc = this.#calc(next, 0);
      while (RELATIONS.has(this.#la(1)) && precedence <= 1) {
        const node = start();
        node.alt = 'relation';
        node.tokens.op = this.#consumeOperator();
        node.nodes.right = this.#relation(next, 2);
      }
    });
  }

  #calc(follow: Tokens, precedence: number): Node {
    const next = AFTER_UNARY;
    return this.#leftRecursive('calc', follow, (start) => {
      const first = start();
      first.alt = 'unary';
      first.nodes.unary = this.#unary(next);
      for (;;) {
        const multiply = MULTIPLICATIONS.has(this.#la(1)) && precedence <= 2;
        if (!multiply && !(ADDITIONS.has(this.#la(1)) && precedence <= 1)) return;
        const node = start();
        node.alt = 'calc';
        node.tokens.op = this.#consumeOperator();
        node.nodes.right = this.#calc(next, multiply ? 3 : 2);
      }
    });
  }

  #unary(follow: Tokens): Node {
    return this.#rule('unary', follow, (node) => {
      this.#sync('99', EXPR);
      const alt = this.#predictUnary();
      node.tokenLists.ops = [];
      if (alt === 1) {
        node.alt = 'member';
      } else {
        node.alt = alt === 2 ? 'not' : 'negate';
        const operator = alt === 2 ? T.NOT : T.MINUS;
        const next = alt === 2 ? set(T.NOT, MEMBER) : MEMBER;
        do {
          const op = this.#match(operator, `unary-${alt}`, next);
          if (op) node.tokenLists.ops.push(op);
          this.#syncLoop(`unary-loop-${alt}`, next);
          if (alt === 3 && this.#la(1) === T.MINUS && !MEMBER.has(this.#la(2))) throw this.#noViable(1, 2);
        } while (this.#la(1) === operator);
      }
      node.nodes.member = this.#member(END);
    });
  }

  /** 1 a member, 2 negation, 3 minus; a minus before a number belongs to the number. */
  #predictUnary(): number {
    const first = this.#la(1);
    if (first === T.NOT) return 2;
    if (first !== T.MINUS) return 1;
    const second = this.#la(2);
    if (!MEMBER.has(second)) throw this.#noViable(1, 2);
    if (second !== T.INT && second !== T.FLOAT) return 3;
    // Both readings go on alike; only an error inside the member's tail ends them together.
    this.#checkAmbiguousTail(3);
    return 1;
  }

  #checkAmbiguousTail(at: number): void {
    if (this.#la(at) !== T.DOT) return;
    const next = this.#la(at + 1);
    if (next !== T.QUESTION && next !== T.IDENT && next !== T.ESC_IDENT) throw this.#noViable(1, at + 1);
  }

  #member(follow: Tokens): Node {
    const next = AFTER_MEMBER;
    return this.#leftRecursive('member', follow, (start) => {
      const first = start();
      first.alt = 'primary';
      first.nodes.primary = this.#primary(next);
      while (this.#la(1) === T.DOT || this.#la(1) === T.LBRACKET) {
        const alt = this.#predictMember();
        const node = start();
        node.alt = alt;
        if (alt === 'select') {
          node.tokens.op = this.#match(T.DOT, '105', OPT_FIELD);
          this.#sync('107', OPT_FIELD);
          if (this.#la(1) === T.QUESTION) node.tokens.opt = this.#match(T.QUESTION, '106', set(T.IDENT, T.ESC_IDENT));
          node.nodes.id = this.#escapeIdent(next);
        } else if (alt === 'call') {
          node.tokens.op = this.#match(T.DOT, '111', set(T.IDENT));
          node.tokens.id = this.#match(T.IDENT, '112', set(T.LPAREN));
          node.tokens.open = this.#match(T.LPAREN, '113', set(EXPR, T.RPAREN));
          this.#sync('115', set(EXPR, T.RPAREN));
          if (EXPR.has(this.#la(1))) node.nodes.args = this.#exprList(set(T.RPAREN));
          this.#match(T.RPAREN, '117', next);
        } else {
          node.tokens.op = this.#match(T.LBRACKET, '119', OPT_EXPR);
          this.#sync('121', OPT_EXPR);
          if (this.#la(1) === T.QUESTION) node.tokens.opt = this.#match(T.QUESTION, '120', EXPR);
          node.nodes.index = this.#expr(set(T.RBRACKET));
          this.#match(T.RBRACKET, '124', next);
        }
      }
    });
  }

  #predictMember(): string {
    if (this.#la(1) === T.LBRACKET) return 'index';
    const second = this.#la(2);
    if (second === T.IDENT) return this.#la(3) === T.LPAREN ? 'call' : 'select';
    if (second === T.QUESTION || second === T.ESC_IDENT) return 'select';
    throw this.#noViable(1, 2);
  }

  #primary(follow: Tokens): Node {
    return this.#rule('primary', follow, (node) => {
      this.#sync('184', MEMBER);
      const alt = this.#predictPrimary();
      node.alt = alt;
      switch (alt) {
        case 'ident':
        case 'call': {
          if (this.#la(1) === T.DOT) node.tokens.dot = this.#match(T.DOT, '131', set(T.IDENT));
          node.tokens.id = this.#match(T.IDENT, '134', alt === 'call' ? set(T.LPAREN) : END);
          if (alt === 'ident') return;
          node.tokens.op = this.#match(T.LPAREN, '139', set(EXPR, T.RPAREN));
          this.#sync('141', set(EXPR, T.RPAREN));
          if (EXPR.has(this.#la(1))) node.nodes.args = this.#exprList(set(T.RPAREN));
          this.#match(T.RPAREN, '143', END);
          return;
        }
        case 'nested':
          this.#match(T.LPAREN, '144', EXPR);
          node.nodes.e = this.#expr(set(T.RPAREN));
          this.#match(T.RPAREN, '146', END);
          return;
        case 'list':
          node.tokens.op = this.#match(T.LBRACKET, '148', set(OPT_EXPR, T.COMMA, T.RBRACKET));
          this.#sync('150', set(OPT_EXPR, T.COMMA, T.RBRACKET));
          if (OPT_EXPR.has(this.#la(1))) node.nodes.elems = this.#listInit(set(T.COMMA, T.RBRACKET));
          this.#closing(T.RBRACKET, '153');
          return;
        case 'map':
          node.tokens.op = this.#match(T.LBRACE, '156', set(OPT_EXPR, T.COMMA, T.RBRACE));
          this.#sync('158', set(OPT_EXPR, T.COMMA, T.RBRACE));
          if (OPT_EXPR.has(this.#la(1))) node.nodes.entries = this.#mapInit(set(T.COMMA, T.RBRACE));
          this.#closing(T.RBRACE, '161');
          return;
        case 'message': {
          if (this.#la(1) === T.DOT) node.tokens.dot = this.#match(T.DOT, '164', set(T.IDENT));
          const names = [this.#match(T.IDENT, '167', set(T.DOT, T.LBRACE))];
          while (this.#la(1) === T.DOT) {
            this.#match(T.DOT, '168', set(T.IDENT));
            names.push(this.#match(T.IDENT, '169', set(T.DOT, T.LBRACE)));
          }
          node.tokenLists.ids = names.filter((name) => name !== undefined);
          node.tokens.op = this.#match(T.LBRACE, '175', set(OPT_FIELD, T.COMMA, T.RBRACE));
          this.#sync('177', set(OPT_FIELD, T.COMMA, T.RBRACE));
          if (OPT_FIELD.has(this.#la(1))) node.nodes.entries = this.#fieldInit(set(T.COMMA, T.RBRACE));
          this.#closing(T.RBRACE, '180');
          return;
        }
        default:
          node.nodes.literal = this.#literal(END);
      }
    });
  }

  #predictPrimary(): string {
    const first = this.#la(1);
    if (first === T.LPAREN) return 'nested';
    if (first === T.LBRACKET) return 'list';
    if (first === T.LBRACE) return 'map';
    if (LITERALS.has(first) || first === T.MINUS) return 'literal';
    if (first !== T.DOT && first !== T.IDENT) throw this.#noViable(1, 1);
    let at = 1;
    if (first === T.DOT) {
      if (this.#la(2) !== T.IDENT) throw this.#noViable(1, 2);
      at = 2;
    }
    if (this.#la(at + 1) === T.LPAREN) return 'call';
    while (this.#la(at + 1) === T.DOT && this.#la(at + 2) === T.IDENT) at += 2;
    return this.#la(at + 1) === T.LBRACE ? 'message' : 'ident';
  }

  /** An optional comma and the bracket that closes. */
  #closing(bracket: number, state: string): void {
    this.#sync(state, set(T.COMMA, bracket));
    if (this.#la(1) === T.COMMA) this.#match(T.COMMA, `${state}-comma`, set(bracket));
    this.#match(bracket, `${state}-close`, END);
  }

  #exprList(follow: Tokens): Node {
    const next = set(T.COMMA, EPSILON);
    return this.#rule('exprList', follow, (node) => {
      node.nodeLists.e = [this.#expr(next)];
      while (this.#la(1) === T.COMMA) {
        this.#match(T.COMMA, '187', EXPR);
        node.nodeLists.e.push(this.#expr(next));
      }
    });
  }

  #listInit(follow: Tokens): Node {
    const next = set(T.COMMA, EPSILON);
    return this.#rule('listInit', follow, (node) => {
      node.nodeLists.e = [this.#optExpr(next)];
      while (this.#la(1) === T.COMMA && OPT_EXPR.has(this.#la(2))) {
        this.#match(T.COMMA, '195', OPT_EXPR);
        node.nodeLists.e.push(this.#optExpr(next));
      }
    });
  }

  #optExpr(follow: Tokens): Node {
    return this.#rule('optExpr', follow, (node) => {
      this.#sync('optExpr', OPT_EXPR);
      if (this.#la(1) === T.QUESTION) node.tokens.opt = this.#match(T.QUESTION, 'optExpr-?', EXPR);
      node.nodes.e = this.#expr(END);
    });
  }

  #mapInit(follow: Tokens): Node {
    return this.#pairs('mapInit', follow, OPT_EXPR, (next) => this.#optExpr(next));
  }

  #fieldInit(follow: Tokens): Node {
    return this.#pairs('fieldInit', follow, OPT_FIELD, (next) => this.#optField(next));
  }

  #pairs(rule: string, follow: Tokens, first: Tokens, key: (follow: Tokens) => Node): Node {
    const next = set(T.COMMA, EPSILON);
    return this.#rule(rule, follow, (node) => {
      node.nodeLists.keys = [];
      node.nodeLists.values = [];
      node.tokenLists.cols = [];
      const pair = (): void => {
        node.nodeLists.keys?.push(key(set(T.COLON)));
        const colon = this.#match(T.COLON, `${rule}-:`, EXPR);
        if (colon) node.tokenLists.cols?.push(colon);
        node.nodeLists.values?.push(this.#expr(next));
      };
      pair();
      while (this.#la(1) === T.COMMA && first.has(this.#la(2))) {
        this.#match(T.COMMA, `${rule}-,`, first);
        pair();
      }
    });
  }

  #optField(follow: Tokens): Node {
    return this.#rule('optField', follow, (node) => {
      this.#sync('optField', OPT_FIELD);
      if (this.#la(1) === T.QUESTION)
        node.tokens.opt = this.#match(T.QUESTION, 'optField-?', set(T.IDENT, T.ESC_IDENT));
      node.nodes.id = this.#escapeIdent(END);
    });
  }

  #escapeIdent(follow: Tokens): Node {
    return this.#rule('escapeIdent', follow, (node) => {
      this.#sync('escapeIdent', set(T.IDENT, T.ESC_IDENT));
      const first = this.#la(1);
      if (first !== T.IDENT && first !== T.ESC_IDENT) throw this.#noViable(1, 1);
      node.alt = first === T.IDENT ? 'simple' : 'escaped';
      node.tokens.id = this.#match(first, 'escapeIdent-id', END);
    });
  }

  #literal(follow: Tokens): Node {
    return this.#rule('literal', follow, (node) => {
      this.#sync('literal', set(LITERALS, T.MINUS));
      if (this.#la(1) === T.MINUS) {
        if (this.#la(2) !== T.INT && this.#la(2) !== T.FLOAT) throw this.#noViable(1, 2);
        node.tokens.sign = this.#match(T.MINUS, 'literal-sign', set(T.INT, T.FLOAT));
      }
      node.alt = String(this.#la(1));
      node.tokens.tok = this.#match(this.#la(1), 'literal-token', END);
    });
  }

  // ---- the machinery of rules

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

  // Few frames for each rule: a deep expression must reach the limit before the stack ends.
  #rule(rule: string, follow: Tokens, body: (node: Node) => void): Node {
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
  #leftRecursive(rule: string, follow: Tokens, body: (next: () => Node) => void): Node {
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

  #la(n: number): number {
    return this.#lt(n).type;
  }

  #consume(): void {
    if (this.#at < this.#tokens.length - 1) this.#at++;
  }

  #consumeOperator(): Token {
    const token = this.#lt(1);
    this.#recovering = false;
    this.#consume();
    return token;
  }

  #match(type: number, state: string, after: Tokens): Token | undefined {
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

  #sync(state: string, next: Tokens): void {
    this.#state = state;
    if (this.#recovering || next.has(EPSILON) || next.has(this.#la(1))) return;
    if (!this.#deleteToken(next)) throw this.#mismatch(next);
  }

  #syncLoop(state: string, next: Tokens): void {
    this.#state = state;
    if (this.#recovering || next.has(EPSILON) || next.has(this.#la(1))) return;
    this.#reportUnwanted(next);
    this.#consumeUntil(set(this.#inContext(next), this.#recoverySet()), false);
  }

  /** Whether dropping the current token makes the next one fit. */
  #deleteToken(next: Tokens): boolean {
    if (!this.#inContext(next).has(this.#la(2))) return false;
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

  #noViable(from: number, to: number): Recognition {
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
    while (this.#la(1) !== EOF && !stop.has(this.#la(1))) {
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
