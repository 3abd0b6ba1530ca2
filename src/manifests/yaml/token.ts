// What the scanner hands to the parser, and how either of them gives up.
// Behaviour: go.yaml.in/yaml v2.4 yamlh.go, decode.go (parser.fail), as in Kubernetes v1.36.3.

/** A place in the text; lines and columns count from 0, columns in code points. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

export type TokenType =
  | 'alias'
  | 'anchor'
  | 'block-end'
  | 'block-entry'
  | 'block-mapping-start'
  | 'block-sequence-start'
  | 'document-end'
  | 'document-start'
  | 'flow-entry'
  | 'flow-mapping-end'
  | 'flow-mapping-start'
  | 'flow-sequence-end'
  | 'flow-sequence-start'
  | 'key'
  | 'scalar'
  | 'stream-end'
  | 'tag'
  | 'tag-directive'
  | 'value'
  | 'version-directive';

export interface Token {
  readonly type: TokenType;
  readonly start: Mark;
  readonly end: Mark;
  /** Text of a scalar, name of an anchor, handle of a tag, version of a directive. */
  readonly value?: string;
  /** Rest of a tag, or the prefix that a directive gives a handle. */
  readonly suffix?: string;
  /** Whether a scalar stands without quotes and block header. */
  readonly isPlain?: boolean;
}

/** The text is no YAML: the problem in go-yaml's words with go-yaml's count of lines. */
export class YamlProblem extends Error {
  readonly mark: Mark | undefined;

  constructor(message: string, mark?: Mark) {
    super(`yaml: ${message}`);
    this.mark = mark;
  }
}

/** The scanner counts lines from 1; it names no place in the first line unless what it was doing began later. */
export function scannerProblem(problem: string, mark: Mark, context: Mark): YamlProblem {
  return problemAt(problem, mark.line === 0 ? context.line : mark.line + 1, mark);
}

/** The parser counts lines from 0. */
export function parserProblem(problem: string, mark: Mark, context?: Mark): YamlProblem {
  return problemAt(problem, mark.line === 0 ? (context?.line ?? 0) : mark.line, mark);
}

function problemAt(problem: string, line: number, mark: Mark): YamlProblem {
  return new YamlProblem(line === 0 ? problem : `line ${line}: ${problem}`, mark);
}
