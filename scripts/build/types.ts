// The declarations of the library: of src/library.ts and of what its types come from, each file by itself. They say their types outright,
// so that no program has to be checked for it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import ts from 'typescript';

const ENTRY = 'src/library.ts';

/** Writes the declarations below `folder`; answers the files. */
export function buildTypes(folder: string): string[] {
  const written: string[] = [];
  const waiting = [ENTRY];
  const seen = new Set(waiting);
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
      fileName: file,
      reportDiagnostics: true,
      compilerOptions: {
        isolatedDeclarations: true,
        declaration: true,
        verbatimModuleSyntax: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
      },
    });
    const [wrong] = diagnostics;
    if (wrong) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(wrong.messageText, '\n')}`);
    const imported = [...outputText.matchAll(/from '(\.[^']+)\.tsx?'/g)].map(([, path = '']) => `${path}.ts`);
    for (const path of imported) {
      const target = normalize(join(dirname(file), path));
      if (!seen.has(target)) waiting.push(target);
      seen.add(target);
    }
    const out = join(folder, relative('src', file).replace(/\.ts$/, '.d.ts'));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, outputText.replace(/(from '\.[^']+)\.tsx?'/g, "$1.js'"));
    written.push(out);
  }
  return written;
}
