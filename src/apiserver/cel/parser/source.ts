// The text of an expression by code points, and the issues reported about it with the line they stand in.
// Behaviour: cel-go v0.26.0 common/{source,error,errors}.go.

const MAX_ERRORS = 100;
const MAX_SNIPPET_BYTES = 16384;

export interface Location {
  readonly line: number;
  readonly column: number;
}
export const NO_LOCATION: Location = { line: -1, column: -1 };

export class Source {
  readonly points: readonly string[];
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.points = [...text];
    const starts = [0];
    this.points.forEach((point, index) => {
      if (point === '\n') starts.push(index + 1);
    });
    this.#lineStarts = starts;
  }

  locationAt(offset: number): Location {
    // An empty text has no column that a message could point at.
    if (this.points.length === 0) return { line: 1, column: -1 };
    let line = this.#lineStarts.length;
    while (line > 1 && (this.#lineStarts[line - 1] ?? 0) > offset) line--;
    return { line, column: offset - (this.#lineStarts[line - 1] ?? 0) };
  }

  snippet(line: number): string | undefined {
    if (this.points.length === 0) return undefined;
    const start = this.#lineStarts[line - 1];
    if (start === undefined) return undefined;
    const next = this.#lineStarts[line];
    return this.points.slice(start, next === undefined ? undefined : next - 1).join('');
  }

  text(start: number, end: number): string {
    return this.points.slice(start, end).join('');
  }
}

interface Issue {
  readonly location: Location;
  readonly message: string;
}

export class Issues {
  readonly source: Source;
  readonly #issues: Issue[] = [];
  #count = 0;

  constructor(source: Source) {
    this.source = source;
  }

  get count(): number {
    return this.#count;
  }

  report(location: Location, message: string): void {
    this.#count++;
    if (this.#count <= MAX_ERRORS) this.#issues.push({ location, message });
  }

  toString(): string {
    const sorted = [...this.#issues].sort(
      (a, b) => a.location.line - b.location.line || a.location.column - b.location.column,
    );
    const lines = sorted.map((issue) => displayIssue(issue, this.source));
    if (this.#count > MAX_ERRORS) lines.push(`${this.#count - MAX_ERRORS} more errors were truncated`);
    return lines.join('\n');
  }
}

function displayIssue({ location, message }: Issue, source: Source): string {
  const head = `ERROR: <input>:${location.line}:${location.column + 1}: ${message}`;
  const snippet = source.snippet(location.line);
  if (snippet === undefined || Buffer.byteLength(snippet) > MAX_SNIPPET_BYTES) return head;
  const line = snippet.replaceAll('\t', ' ');
  const points = [...line];
  let marks = '';
  for (let i = 0; i < location.column && i < points.length; i++) marks += isWide(points[i]) ? '．' : '.';
  marks += isWide(points[location.column]) ? '＾' : '^';
  return `${head}\n | ${line}\n | ${marks}`;
}

function isWide(point: string | undefined): boolean {
  return point !== undefined && (point.codePointAt(0) ?? 0) >= 0x80;
}
