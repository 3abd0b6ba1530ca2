// CEL's grammar: a method a rule, each reading its tokens into a node of the parse tree.
// Behaviour: cel-go v0.26.0 parser/gen/CEL.g4.
import { EOF, T } from './lexer.ts';
import { EPSILON, type Node, type RuleReader, set, type Tokens } from './rule-reader.ts';

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

export class Recognizer {
  readonly #reader: RuleReader;

  constructor(reader: RuleReader) {
    this.#reader = reader;
  }

  start(): Node {
    return this.#reader.rule('start', set(EOF), (node) => {
      node.nodes.e = this.#expr(set(EOF));
      this.#reader.match(EOF, '35', END);
    });
  }

  #expr(follow: Tokens): Node {
    return this.#reader.rule('expr', follow, (node) => {
      node.nodes.e = this.#conditionalOr(set(T.QUESTION, EPSILON));
      if (this.#reader.la(1) === T.QUESTION) {
        node.tokens.op = this.#reader.match(T.QUESTION, '38', EXPR);
        node.nodes.e1 = this.#conditionalOr(set(T.COLON));
        this.#reader.match(T.COLON, '40', EXPR);
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
    return this.#reader.rule(rule, follow, (node) => {
      node.nodes.e = part(next);
      node.tokenLists.ops = [];
      node.nodeLists.rest = [];
      while (this.#reader.la(1) === operator) {
        const op = this.#reader.match(operator, `${rule}-op`, EXPR);
        if (op) node.tokenLists.ops.push(op);
        node.nodeLists.rest.push(part(next));
      }
    });
  }

  #relation(follow: Tokens, precedence: number): Node {
    const next = AFTER_CALC;
    return this.#reader.leftRecursive('relation', follow, (start) => {
      const first = start();
      first.alt = 'calc';
      first.nodes.calc = this.#calc(next, 0);
      while (RELATIONS.has(this.#reader.la(1)) && precedence <= 1) {
        const node = start();
        node.alt = 'relation';
        node.tokens.op = this.#reader.consumeOperator();
        node.nodes.right = this.#relation(next, 2);
      }
    });
  }

  #calc(follow: Tokens, precedence: number): Node {
    const next = AFTER_UNARY;
    return this.#reader.leftRecursive('calc', follow, (start) => {
      const first = start();
      first.alt = 'unary';
      first.nodes.unary = this.#unary(next);
      for (;;) {
        const multiply = MULTIPLICATIONS.has(this.#reader.la(1)) && precedence <= 2;
        if (!multiply && !(ADDITIONS.has(this.#reader.la(1)) && precedence <= 1)) return;
        const node = start();
        node.alt = 'calc';
        node.tokens.op = this.#reader.consumeOperator();
        node.nodes.right = this.#calc(next, multiply ? 3 : 2);
      }
    });
  }

  #unary(follow: Tokens): Node {
    return this.#reader.rule('unary', follow, (node) => {
      this.#reader.sync('99', EXPR);
      const alt = this.#predictUnary();
      node.tokenLists.ops = [];
      if (alt === 1) {
        node.alt = 'member';
      } else {
        node.alt = alt === 2 ? 'not' : 'negate';
        const operator = alt === 2 ? T.NOT : T.MINUS;
        const next = alt === 2 ? set(T.NOT, MEMBER) : MEMBER;
        do {
          const op = this.#reader.match(operator, `unary-${alt}`, next);
          if (op) node.tokenLists.ops.push(op);
          this.#reader.syncLoop(`unary-loop-${alt}`, next);
          if (alt === 3 && this.#reader.la(1) === T.MINUS && !MEMBER.has(this.#reader.la(2)))
            throw this.#reader.noViable(1, 2);
        } while (this.#reader.la(1) === operator);
      }
      node.nodes.member = this.#member(END);
    });
  }

  /** 1 a member, 2 negation, 3 minus; a minus before a number belongs to the number. */
  #predictUnary(): number {
    const first = this.#reader.la(1);
    if (first === T.NOT) return 2;
    if (first !== T.MINUS) return 1;
    const second = this.#reader.la(2);
    if (!MEMBER.has(second)) throw this.#reader.noViable(1, 2);
    if (second !== T.INT && second !== T.FLOAT) return 3;
    // Both readings go on alike; only an error inside the member's tail ends them together.
    this.#checkAmbiguousTail(3);
    return 1;
  }

  #checkAmbiguousTail(at: number): void {
    if (this.#reader.la(at) !== T.DOT) return;
    const next = this.#reader.la(at + 1);
    if (next !== T.QUESTION && next !== T.IDENT && next !== T.ESC_IDENT) throw this.#reader.noViable(1, at + 1);
  }

  #member(follow: Tokens): Node {
    const next = AFTER_MEMBER;
    return this.#reader.leftRecursive('member', follow, (start) => {
      const first = start();
      first.alt = 'primary';
      first.nodes.primary = this.#primary(next);
      while (this.#reader.la(1) === T.DOT || this.#reader.la(1) === T.LBRACKET) {
        const alt = this.#predictMember();
        const node = start();
        node.alt = alt;
        if (alt === 'select') {
          node.tokens.op = this.#reader.match(T.DOT, '105', OPT_FIELD);
          this.#reader.sync('107', OPT_FIELD);
          if (this.#reader.la(1) === T.QUESTION)
            node.tokens.opt = this.#reader.match(T.QUESTION, '106', set(T.IDENT, T.ESC_IDENT));
          node.nodes.id = this.#escapeIdent(next);
        } else if (alt === 'call') {
          node.tokens.op = this.#reader.match(T.DOT, '111', set(T.IDENT));
          node.tokens.id = this.#reader.match(T.IDENT, '112', set(T.LPAREN));
          node.tokens.open = this.#reader.match(T.LPAREN, '113', set(EXPR, T.RPAREN));
          this.#reader.sync('115', set(EXPR, T.RPAREN));
          if (EXPR.has(this.#reader.la(1))) node.nodes.args = this.#exprList(set(T.RPAREN));
          this.#reader.match(T.RPAREN, '117', next);
        } else {
          node.tokens.op = this.#reader.match(T.LBRACKET, '119', OPT_EXPR);
          this.#reader.sync('121', OPT_EXPR);
          if (this.#reader.la(1) === T.QUESTION) node.tokens.opt = this.#reader.match(T.QUESTION, '120', EXPR);
          node.nodes.index = this.#expr(set(T.RBRACKET));
          this.#reader.match(T.RBRACKET, '124', next);
        }
      }
    });
  }

  #predictMember(): string {
    if (this.#reader.la(1) === T.LBRACKET) return 'index';
    const second = this.#reader.la(2);
    if (second === T.IDENT) return this.#reader.la(3) === T.LPAREN ? 'call' : 'select';
    if (second === T.QUESTION || second === T.ESC_IDENT) return 'select';
    throw this.#reader.noViable(1, 2);
  }

  #primary(follow: Tokens): Node {
    return this.#reader.rule('primary', follow, (node) => {
      this.#reader.sync('184', MEMBER);
      const alt = this.#predictPrimary();
      node.alt = alt;
      switch (alt) {
        case 'ident':
        case 'call': {
          if (this.#reader.la(1) === T.DOT) node.tokens.dot = this.#reader.match(T.DOT, '131', set(T.IDENT));
          node.tokens.id = this.#reader.match(T.IDENT, '134', alt === 'call' ? set(T.LPAREN) : END);
          if (alt === 'ident') return;
          node.tokens.op = this.#reader.match(T.LPAREN, '139', set(EXPR, T.RPAREN));
          this.#reader.sync('141', set(EXPR, T.RPAREN));
          if (EXPR.has(this.#reader.la(1))) node.nodes.args = this.#exprList(set(T.RPAREN));
          this.#reader.match(T.RPAREN, '143', END);
          return;
        }
        case 'nested':
          this.#reader.match(T.LPAREN, '144', EXPR);
          node.nodes.e = this.#expr(set(T.RPAREN));
          this.#reader.match(T.RPAREN, '146', END);
          return;
        case 'list':
          node.tokens.op = this.#reader.match(T.LBRACKET, '148', set(OPT_EXPR, T.COMMA, T.RBRACKET));
          this.#reader.sync('150', set(OPT_EXPR, T.COMMA, T.RBRACKET));
          if (OPT_EXPR.has(this.#reader.la(1))) node.nodes.elems = this.#listInit(set(T.COMMA, T.RBRACKET));
          this.#closing(T.RBRACKET, '153');
          return;
        case 'map':
          node.tokens.op = this.#reader.match(T.LBRACE, '156', set(OPT_EXPR, T.COMMA, T.RBRACE));
          this.#reader.sync('158', set(OPT_EXPR, T.COMMA, T.RBRACE));
          if (OPT_EXPR.has(this.#reader.la(1))) node.nodes.entries = this.#mapInit(set(T.COMMA, T.RBRACE));
          this.#closing(T.RBRACE, '161');
          return;
        case 'message': {
          if (this.#reader.la(1) === T.DOT) node.tokens.dot = this.#reader.match(T.DOT, '164', set(T.IDENT));
          const names = [this.#reader.match(T.IDENT, '167', set(T.DOT, T.LBRACE))];
          while (this.#reader.la(1) === T.DOT) {
            this.#reader.match(T.DOT, '168', set(T.IDENT));
            names.push(this.#reader.match(T.IDENT, '169', set(T.DOT, T.LBRACE)));
          }
          node.tokenLists.ids = names.filter((name) => name !== undefined);
          node.tokens.op = this.#reader.match(T.LBRACE, '175', set(OPT_FIELD, T.COMMA, T.RBRACE));
          this.#reader.sync('177', set(OPT_FIELD, T.COMMA, T.RBRACE));
          if (OPT_FIELD.has(this.#reader.la(1))) node.nodes.entries = this.#fieldInit(set(T.COMMA, T.RBRACE));
          this.#closing(T.RBRACE, '180');
          return;
        }
        default:
          node.nodes.literal = this.#literal(END);
      }
    });
  }

  #predictPrimary(): string {
    const first = this.#reader.la(1);
    if (first === T.LPAREN) return 'nested';
    if (first === T.LBRACKET) return 'list';
    if (first === T.LBRACE) return 'map';
    if (LITERALS.has(first) || first === T.MINUS) return 'literal';
    if (first !== T.DOT && first !== T.IDENT) throw this.#reader.noViable(1, 1);
    let at = 1;
    if (first === T.DOT) {
      if (this.#reader.la(2) !== T.IDENT) throw this.#reader.noViable(1, 2);
      at = 2;
    }
    if (this.#reader.la(at + 1) === T.LPAREN) return 'call';
    while (this.#reader.la(at + 1) === T.DOT && this.#reader.la(at + 2) === T.IDENT) at += 2;
    return this.#reader.la(at + 1) === T.LBRACE ? 'message' : 'ident';
  }

  /** An optional comma and the bracket that closes. */
  #closing(bracket: number, state: string): void {
    this.#reader.sync(state, set(T.COMMA, bracket));
    if (this.#reader.la(1) === T.COMMA) this.#reader.match(T.COMMA, `${state}-comma`, set(bracket));
    this.#reader.match(bracket, `${state}-close`, END);
  }

  #exprList(follow: Tokens): Node {
    const next = set(T.COMMA, EPSILON);
    return this.#reader.rule('exprList', follow, (node) => {
      node.nodeLists.e = [this.#expr(next)];
      while (this.#reader.la(1) === T.COMMA) {
        this.#reader.match(T.COMMA, '187', EXPR);
        node.nodeLists.e.push(this.#expr(next));
      }
    });
  }

  #listInit(follow: Tokens): Node {
    const next = set(T.COMMA, EPSILON);
    return this.#reader.rule('listInit', follow, (node) => {
      node.nodeLists.e = [this.#optExpr(next)];
      while (this.#reader.la(1) === T.COMMA && OPT_EXPR.has(this.#reader.la(2))) {
        this.#reader.match(T.COMMA, '195', OPT_EXPR);
        node.nodeLists.e.push(this.#optExpr(next));
      }
    });
  }

  #optExpr(follow: Tokens): Node {
    return this.#reader.rule('optExpr', follow, (node) => {
      this.#reader.sync('optExpr', OPT_EXPR);
      if (this.#reader.la(1) === T.QUESTION) node.tokens.opt = this.#reader.match(T.QUESTION, 'optExpr-?', EXPR);
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
    return this.#reader.rule(rule, follow, (node) => {
      node.nodeLists.keys = [];
      node.nodeLists.values = [];
      node.tokenLists.cols = [];
      const pair = (): void => {
        node.nodeLists.keys?.push(key(set(T.COLON)));
        const colon = this.#reader.match(T.COLON, `${rule}-:`, EXPR);
        if (colon) node.tokenLists.cols?.push(colon);
        node.nodeLists.values?.push(this.#expr(next));
      };
      pair();
      while (this.#reader.la(1) === T.COMMA && first.has(this.#reader.la(2))) {
        this.#reader.match(T.COMMA, `${rule}-,`, first);
        pair();
      }
    });
  }

  #optField(follow: Tokens): Node {
    return this.#reader.rule('optField', follow, (node) => {
      this.#reader.sync('optField', OPT_FIELD);
      if (this.#reader.la(1) === T.QUESTION)
        node.tokens.opt = this.#reader.match(T.QUESTION, 'optField-?', set(T.IDENT, T.ESC_IDENT));
      node.nodes.id = this.#escapeIdent(END);
    });
  }

  #escapeIdent(follow: Tokens): Node {
    return this.#reader.rule('escapeIdent', follow, (node) => {
      this.#reader.sync('escapeIdent', set(T.IDENT, T.ESC_IDENT));
      const first = this.#reader.la(1);
      if (first !== T.IDENT && first !== T.ESC_IDENT) throw this.#reader.noViable(1, 1);
      node.alt = first === T.IDENT ? 'simple' : 'escaped';
      node.tokens.id = this.#reader.match(first, 'escapeIdent-id', END);
    });
  }

  #literal(follow: Tokens): Node {
    return this.#reader.rule('literal', follow, (node) => {
      this.#reader.sync('literal', set(LITERALS, T.MINUS));
      if (this.#reader.la(1) === T.MINUS) {
        if (this.#reader.la(2) !== T.INT && this.#reader.la(2) !== T.FLOAT) throw this.#reader.noViable(1, 2);
        node.tokens.sign = this.#reader.match(T.MINUS, 'literal-sign', set(T.INT, T.FLOAT));
      }
      node.alt = String(this.#reader.la(1));
      node.tokens.tok = this.#reader.match(this.#reader.la(1), 'literal-token', END);
    });
  }
}
