// A manifest file cut into its documents, each with the place where it starts.
// Behaviour: [apimachinery]/pkg/util/yaml/decoder.go (YAMLReader: a line of `---` ends a document), Kubernetes v1.36.3.

export interface Document {
  /** File as the user named it; `-` for standard input. */
  readonly file: string;
  /** Position in the file, from 0. */
  readonly index: number;
  /** Line of the file on which the text starts, from 1. */
  readonly line: number;
  readonly text: string;
  /** Template that made the document, from helm's `# Source: chart/templates/x.yaml`. */
  readonly origin?: string;
  /** Of a large document: of its trimmed text, SHA-256 in hex; the text itself is read again each time. */
  readonly digest?: string;
  /** Blank lines and comments at its start, where they are known. */
  readonly linesBefore?: number;
  /** The item of a List that a path leads into, where it can be looked at without the text around it. */
  part?(path: readonly (string | number)[]): DocumentPart | undefined;
}

export interface DocumentPart {
  readonly text: string;
  /** Line of the file on which the text starts, and characters before it on that line. */
  readonly line: number;
  readonly column: number;
  /** The rest of the way. */
  readonly path: readonly (string | number)[];
}

export const SEPARATOR = /^---[ \t]*(?:#.*)?\r?$/;
const SEPARATOR_START = /^---/;
export const SOURCE = /^# Source: (\S.*?)\s*$/m;

type SplitResult = {
  readonly documents: readonly Document[];
  /** Lines that start like a separator but hold something else. */
  readonly badSeparators: readonly { readonly line: number; readonly text: string }[];
};

export function splitDocuments(file: string, content: string): SplitResult {
  const text = content.charCodeAt(0) === 0xfeff ? content.slice(1) : content;
  const documents: Document[] = [];
  const badSeparators: { line: number; text: string }[] = [];
  let start = 1;
  let from = 0;
  let at = 0;
  let line = 1;
  const close = (end: number): void => {
    const part = text.slice(from, end);
    if (hasContent(part)) {
      const origin = SOURCE.exec(part)?.[1];
      documents.push({ file, index: documents.length, line: start, text: part, ...(origin ? { origin } : {}) });
    }
  };
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (text.startsWith('---', at)) {
      const content = text.slice(at, end);
      if (SEPARATOR.test(content)) {
        close(at);
        from = Math.min(end + 1, text.length);
        start = line + 1;
      } else if (SEPARATOR_START.test(content)) {
        badSeparators.push({ line, text: content.trimEnd() });
      }
    }
    at = end + 1;
    line += 1;
  }
  close(text.length);
  return { documents, badSeparators };
}

/** Whether anything but blank lines, comments and directives stands in the text. */
export function hasContent(text: string): boolean {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    let first = at;
    while (first < end && (text[first] === ' ' || text[first] === '\t' || text[first] === '\r')) first += 1;
    if (first < end && text[first] !== '#') return true;
    at = end + 1;
  }
  return false;
}

/** Blank lines and comments at the start of a document. */
export function linesBeforeContent(text: string): number {
  let lines = 0;
  for (let at = 0; ; lines += 1) {
    let first = at;
    while (text[first] === ' ' || text[first] === '\t') first += 1;
    const isBlank = text[first] === '\n' || (text[first] === '\r' && text[first + 1] === '\n');
    if (!isBlank && text[first] !== '#') return lines;
    const newline = text.indexOf('\n', first);
    if (newline < 0) return lines;
    at = newline + 1;
  }
}
