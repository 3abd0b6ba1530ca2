// The expression of a source text, or the issues that make it none.
// Behaviour: cel-go v0.26.0 parser/parser.go.
import type { Expr } from './ast.ts';
import { Builder } from './builder.ts';
import { tokenize } from './lexer.ts';
import type { MoreMacros } from './macros.ts';
import { Recognizer } from './recognizer.ts';
import { ParseAbort, RuleReader } from './rule-reader.ts';
import { Issues, NO_LOCATION, Source } from './source.ts';
import { MAX_DEPTH, TreeVisitor } from './tree-visitor.ts';

const MAX_CODE_POINTS = 100_000;
const MAX_SYNTAX_ERRORS = 100;

interface Parsed {
  readonly expr: Expr;
  readonly builder: Builder;
  readonly issues: Issues;
}

export function parse(text: string, macros: MoreMacros = {}): Parsed {
  const source = new Source(text);
  const issues = new Issues(source);
  const builder = new Builder(source);
  const nothing: Expr = { kind: 'unspecified', id: 0 };
  if (source.points.length > MAX_CODE_POINTS) {
    issues.report(
      NO_LOCATION,
      `expression code point size exceeds limit: size: ${source.points.length}, limit ${MAX_CODE_POINTS}`,
    );
    return { expr: nothing, builder, issues };
  }
  let syntaxErrors = 0;
  const report = (offset: number, message: string): void => {
    if (syntaxErrors >= MAX_SYNTAX_ERRORS) {
      issues.report(source.locationAt(offset), `Syntax error: More than ${MAX_SYNTAX_ERRORS} syntax errors`);
      throw new ParseAbort('');
    }
    syntaxErrors++;
    issues.report(source.locationAt(offset), `Syntax error: ${message}`);
  };
  try {
    const tree = new Recognizer(new RuleReader(tokenize(source, report), source, report)).start();
    return { expr: new TreeVisitor(builder, issues, macros).visit(tree.nodes.e), builder, issues };
  } catch (error) {
    // The stack ended before the limit was counted.
    if (error instanceof RangeError) {
      issues.report(NO_LOCATION, `expression recursion limit exceeded: ${MAX_DEPTH}`);
      return { expr: nothing, builder, issues };
    }
    if (!(error instanceof ParseAbort)) throw error;
    if (error.message !== '') issues.report(NO_LOCATION, error.message);
    return { expr: nothing, builder, issues };
  }
}
