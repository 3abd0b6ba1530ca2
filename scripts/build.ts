// Bundles src into dist/: bin.js for the command and validate-worker.js for its threads, library.js and library.mjs for programs. What is
// imported lazily (Ink, schemas, outputs) becomes chunks, and beside them stands the code that V8 made of them (docs/decisions/0013).
// usage: npm run build [-- FOLDER]
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import packageJson from '../package.json' with { type: 'json' };
import { toCommonJs } from './build/common-js.ts';
import { licensesOf } from './build/licenses.ts';
import { buildTypes } from './build/types.ts';

const [dist = 'dist'] = process.argv.slice(2);
rmSync(dist, { recursive: true, force: true });
const SHAPE = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
} as const;
const { metafile, outputFiles } = await build({
  ...SHAPE,
  entryPoints: { bin: 'src/bin.ts', library: 'src/library.ts', 'validate-worker': 'src/cli/threads/worker.ts' },
  outdir: dist,
  splitting: true,
  format: 'esm',
  legalComments: 'none',
  metafile: true,
  write: false,
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    KUBEPLAN_VERSION: JSON.stringify(packageJson.version),
  },
  // Ink asks for this module only under DEV=true.
  external: ['react-devtools-core'],
});

const chunks = join(dist, 'chunks');
mkdirSync(chunks, { recursive: true });
const converted = toCommonJs(outputFiles.map(({ path, text }) => ({ name: basename(path), text })));
for (const [name, text] of converted) {
  if (/[^\x00-\x7f]/.test(text)) throw new Error(`${name}: not only ASCII`);
  writeFileSync(join(chunks, name), text);
}

const loader = await build({
  ...SHAPE,
  entryPoints: ['scripts/build/chunk-loader.ts'],
  format: 'cjs',
  write: false,
});
const starter = (name: string, keep: string): string =>
  `"use strict";${loader.outputFiles[0]!.text.trim()}\n${keep}module.exports.chunkLoader(__dirname+"/chunks")("./${name}.js");\n`;
writeFileSync(join(dist, 'bin.js'), `#!/usr/bin/env node\n${starter('bin', '')}`);
writeFileSync(join(dist, 'validate-worker.js'), starter('validate-worker', ''));
writeFileSync(join(dist, 'library.js'), starter('library', 'module.exports='));
const { exports: names = [] } = Object.values(metafile.outputs).find(
  ({ entryPoint }) => entryPoint === 'src/library.ts',
)!;
writeFileSync(
  join(dist, 'library.mjs'),
  `import library from './library.js';\nexport const { ${names.join(', ')} } = library;\n`,
);
chmodSync(join(dist, 'bin.js'), 0o755);

writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));
const types = buildTypes(join(dist, 'types'));
writeFileSync(join(dist, 'types/package.json'), `${JSON.stringify({ type: 'module' })}\n`);
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);

const start = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'src/cli/run.ts')![0];
execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build/code-cache.ts', chunks, basename(start)], {
  stdio: 'inherit',
});
const bytes = [...converted.values()].reduce((sum, { length }) => sum + length, 0);
console.log(`${dist}: ${converted.size} chunks, ${(bytes / 1024 / 1024).toFixed(1)} MiB, ${types.length} declarations`);
