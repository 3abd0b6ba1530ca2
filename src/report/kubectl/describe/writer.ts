// Writes a description: indented lines with tabs between columns, aligned in the end.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (prefixWriter, tabbedString), Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { LAST_APPLIED } from '../../../apimachinery/well-known/annotations.ts';
import { alignTabs, DESCRIBE_LAYOUT } from '../tab-writer.ts';
import { escapeTerminal } from '../table.ts';

const MAX_ANNOTATION = 140;
const NONE = '<none>';

export class DescriptionWriter {
  #done = '';
  #open = '';
  #base = 0;

  /** Text at an indentation; `\n` and tabs are the caller's. */
  write(level: number, text: string): void {
    this.#open += escapeTerminal('  '.repeat(this.#base + level) + text);
  }

  /** Every piece written meanwhile is indented by so many levels more, also those within a line. */
  nested(levels: number, write: () => void): void {
    this.#base += levels;
    write();
    this.#base -= levels;
  }

  line(level: number, ...cells: readonly (string | number | boolean)[]): void {
    this.write(level, `${cells.join('\t')}\n`);
  }

  /** What follows has columns of its own. */
  flush(): void {
    this.#done += alignTabs(this.#open, DESCRIBE_LAYOUT);
    this.#open = '';
  }

  /** What was written, with its tabs. */
  get unaligned(): string {
    return this.#open;
  }

  get text(): string {
    this.flush();
    return this.#done;
  }

  labels(title: string, labels: Readonly<Record<string, string>> | undefined, indent = ''): void {
    const lines = Object.keys(labels ?? {})
      .sort(compareBytes)
      .map((key) => `${key}=${labels![key]}`);
    this.list(`${indent}${title}`, lines, indent);
  }

  /** Lines beside a title, `<none>` for none. */
  list(title: string, lines: readonly string[], indent = ''): void {
    this.write(0, `${title}:\t`);
    if (lines.length === 0) {
      this.write(0, `${NONE}\n`);
      return;
    }
    lines.forEach((line, i) => {
      if (i > 0) {
        this.write(0, indent);
        this.write(0, '\t');
      }
      this.write(0, `${line}\n`);
    });
  }

  annotations(title: string, annotations: Readonly<Record<string, string>> | undefined): void {
    const keys = Object.keys(annotations ?? {})
      .filter((key) => key !== LAST_APPLIED)
      .sort(compareBytes);
    this.write(0, `${title}:\t`);
    if (keys.length === 0) {
      this.write(0, `${NONE}\n`);
      return;
    }
    keys.forEach((key, i) => {
      if (i > 0) this.write(0, '\t');
      const value = annotations![key]!.replace(/\n$/, '');
      if (value.length + key.length + 2 > MAX_ANNOTATION || value.includes('\n')) {
        this.write(0, `${key}:\n`);
        for (const part of value.split('\n')) this.write(0, `\t  ${shorten(part, MAX_ANNOTATION - 2)}\n`);
      } else this.write(0, `${key}: ${value}\n`);
    });
  }
}

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
