// Where the scanner stands in the text: moves by characters and lines, and keeps lines and columns.
// Behaviour: go.yaml.in/yaml v2.4 scannerc.go (skip, skip_line, read, read_line), as in Kubernetes v1.36.3.
import { isBreak } from './characters.ts';
import type { Mark } from './token.ts';

export class Cursor {
  readonly text: string;
  at = 0;
  line = 0;
  column = 0;

  constructor(text: string) {
    this.text = text;
  }

  get mark(): Mark {
    return { index: this.at, line: this.line, column: this.column };
  }

  /** The character at a distance; empty at the end of the text. */
  peek(distance = 0): string {
    return this.text.charAt(this.at + distance);
  }

  skip(count = 1): void {
    for (let i = 0; i < count; i++) {
      this.at += (this.text.codePointAt(this.at) ?? 0) > 0xffff ? 2 : 1;
      this.column += 1;
    }
  }

  read(): string {
    const from = this.at;
    this.skip();
    return this.text.slice(from, this.at);
  }

  /** Passes a line break, if there is one; the answer is what it stands for in a scalar. */
  readLine(): string {
    const { text, at } = this;
    if (!isBreak(text, at)) return '';
    const code = text.charCodeAt(at);
    this.at += code === 0x0d && text.charCodeAt(at + 1) === 0x0a ? 2 : 1;
    this.column = 0;
    this.line += 1;
    return code === 0x2028 || code === 0x2029 ? text.charAt(at) : '\n';
  }

  skipWhile(is: (text: string, at: number) => boolean): void {
    while (is(this.text, this.at)) this.skip();
  }

  /** Passes a comment up to the end of its line. */
  skipComment(): void {
    if (this.peek() === '#') while (this.at < this.text.length && !isBreak(this.text, this.at)) this.skip();
  }
}
