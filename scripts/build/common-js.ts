// A chunk of the bundle as a CommonJS module. Node keeps no compiled code of ES modules, and loading a hundred of them takes longer than
// most of what kubeplan is asked. Chunks import each other without cycles and export nothing that changes later, so an import is a
// constant read once.
import ts from 'typescript';

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

interface EsChunk {
  readonly name: string;
  readonly text: string;
}

const NOT_ASCII = /[\u0080-\uffff]/g;

/** All chunks converted, by name; those that wait at their top level are filled when their promise `ready` is. */
export function toCommonJs(chunks: readonly EsChunk[]): ReadonlyMap<string, string> {
  const sources = new Map(
    chunks.map(({ name, text }) => [
      name,
      ts.createSourceFile(name, text.replace(/^#!.*\n/, ''), ts.ScriptTarget.Latest, false, ts.ScriptKind.JS),
    ]),
  );
  const waiting = new Set([...sources].filter(([, source]) => waitsAtTopLevel(source)).map(([name]) => name));
  for (let before = -1; before < waiting.size; ) {
    before = waiting.size;
    for (const [name, source] of sources)
      if (importsOf(source).some(({ from }) => waiting.has(chunkNamed(from)))) waiting.add(name);
  }
  return new Map([...sources].map(([name, source]) => [name, convert(source, waiting, waiting.has(name))]));
}

function convert(source: ts.SourceFile, waiting: ReadonlySet<string>, waits: boolean): string {
  const imports = importsOf(source).map(({ from, clause, statement }) =>
    replace(source, statement, importText(from, clause, waiting)),
  );
  const exports = source.statements.filter(ts.isExportDeclaration);
  const exported = exports.flatMap(({ exportClause }) =>
    exportClause && ts.isNamedExports(exportClause) ? [...exportClause.elements] : [],
  );
  const names = new Set(exported.map((element) => (element.propertyName ?? element.name).text));
  const edits = [...imports, ...exports.map((statement) => replace(source, statement, ''))];
  walk(source, (node) => {
    if (isDynamicImport(node)) {
      const [target] = node.arguments;
      const text = target?.getText(source) ?? '';
      const isWaiting = target && ts.isStringLiteral(target) && waiting.has(chunkNamed(target.text));
      const loaded = isWaiting ? `require(${text}).ready` : `require(${text})`;
      edits.push(replace(source, node, `Promise.resolve().then(()=>${loaded})`));
    } else if (ts.isMetaProperty(node)) {
      edits.push(replace(source, node, '{url:require("node:url").pathToFileURL(__filename).href}'));
    }
    // What stands in strings the bundler has escaped.
    if (ts.isRegularExpressionLiteral(node) && node.text.search(NOT_ASCII) >= 0)
      edits.push(replace(source, node, node.text.replaceAll(NOT_ASCII, escaped)));
    const changed = assignedNames(node).find((name) => names.has(name));
    if (changed) throw new Error(`${source.fileName}: the export ${changed} changes after it was imported`);
  });
  const body = applyEdits(source.text, edits);
  const given = exported.map(
    (element) => `exports.${element.name.text}=${(element.propertyName ?? element.name).text};`,
  );
  if (!waits) return `"use strict";${body}\n${given.join('')}\n`;
  return `"use strict";exports.ready=(async()=>{${body}\n${given.join('')}return exports})();\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

interface Import {
  readonly statement: ts.ImportDeclaration;
  readonly from: string;
  readonly clause: ts.ImportClause | undefined;
}

function importsOf(source: ts.SourceFile): Import[] {
  return source.statements.filter(ts.isImportDeclaration).map((statement) => ({
    statement,
    from: (statement.moduleSpecifier as ts.StringLiteral).text,
    clause: statement.importClause,
  }));
}

function importText(from: string, clause: ts.ImportClause | undefined, waiting: ReadonlySet<string>): string {
  const text = `require(${JSON.stringify(from)})`;
  const loaded = waiting.has(chunkNamed(from)) ? `await ${text}.ready` : text;
  if (!clause) return `${loaded};`;
  const bound: string[] = [];
  if (clause.name) bound.push(clause.name.text);
  const named = clause.namedBindings;
  if (named && ts.isNamespaceImport(named)) bound.push(named.name.text);
  if (named && ts.isNamedImports(named)) {
    const each = named.elements.map(({ name, propertyName }) =>
      propertyName ? `${propertyName.text}:${name.text}` : name.text,
    );
    bound.push(`{${each.join(',')}}`);
  }
  return bound.map((left) => `const ${left}=${loaded};`).join('');
}

function chunkNamed(specifier: string): string {
  return specifier.replace(/^\.\//, '');
}

function waitsAtTopLevel(source: ts.SourceFile): boolean {
  let waits = false;
  walk(
    source,
    (node) => {
      waits ||= ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
    },
    (node) => !ts.isFunctionLike(node),
  );
  return waits;
}

function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function assignedNames(node: ts.Node): string[] {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return namesIn(node.left);
  if (ts.isForOfStatement(node) || ts.isForInStatement(node))
    return ts.isVariableDeclarationList(node.initializer) ? [] : namesIn(node.initializer);
  const steps = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken];
  if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && steps.includes(node.operator))
    return namesIn(node.operand);
  return [];
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Variables that an assignment to this sets. */
function namesIn(target: ts.Node): string[] {
  if (ts.isIdentifier(target)) return [target.text];
  if (!ts.isArrayLiteralExpression(target) && !ts.isObjectLiteralExpression(target)) return [];
  const names: string[] = [];
  walk(target, (node) => {
    if (ts.isIdentifier(node)) names.push(node.text);
  });
  return names;
}

function walk(node: ts.Node, visit: (node: ts.Node) => void, enters: (node: ts.Node) => boolean = () => true): void {
  visit(node);
  ts.forEachChild(node, (child) => {
    if (enters(child)) walk(child, visit, enters);
  });
}

function replace(source: ts.SourceFile, node: ts.Node, text: string): Edit {
  return { from: node.getStart(source), to: node.end, text };
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: replacement } of [...edits].sort((a, b) => a.from - b.from)) {
    parts.push(text.slice(at, from), replacement);
    at = to;
  }
  return [...parts, text.slice(at)].join('');
}
