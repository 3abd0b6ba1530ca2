// The tokens of a template one by one, as far ahead as a parser needs, and the errors that name where it stands.
// Behaviour: text/template/parse/parse.go (next, backup, peek, unexpected, errorf), Go 1.26.
import { Lexer, type Token, type TokenKind, tokenText } from './lexer.ts';
import { TEMPLATE_NAME, TemplateError } from './template-error.ts';

export class TokenReader {
  readonly #lexer: Lexer;
  readonly #ahead: Token[] = [];
  #last: Token = { kind: 'eof', at: 0, text: '', line: 1 };
  /** Where the action began that is being read; 0 outside of actions. */
  actionLine = 0;

  constructor(text: string) {
    this.#lexer = new Lexer(text);
  }

  putBack(...tokens: readonly Token[]): void {
    this.#ahead.unshift(...tokens);
  }

  expect(kind: TokenKind, context: string): Token {
    const token = this.nextWord();
    if (token.kind !== kind) throw this.unexpected(token, context);
    return token;
  }

  next(): Token {
    const token = this.#ahead.shift() ?? this.#lexer.next();
    this.#last = token;
    return token;
  }

  nextWord(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  peek(): Token {
    const token = this.next();
    this.#ahead.unshift(token);
    return token;
  }

  peekWord(): Token {
    const token = this.nextWord();
    this.#ahead.unshift(token);
    return token;
  }

  unexpected(token: Token, context: string): TemplateError {
    if (token.kind !== 'error') return this.error(`unexpected ${tokenText(token)} in ${context}`);
    let extra = '';
    if (this.actionLine !== 0 && this.actionLine !== token.line) {
      extra = ` in action started at ${TEMPLATE_NAME}:${this.actionLine}`;
      if (token.text.endsWith(' action')) extra = extra.slice(' in action'.length);
    }
    return this.error(tokenText(token) + extra);
  }

  error(text: string): TemplateError {
    return new TemplateError(`template: ${TEMPLATE_NAME}:${this.#last.line}: ${text}`);
  }
}

export function isKeyword({ kind, text }: Token, word: string): boolean {
  return kind === 'keyword' && text === word;
}
