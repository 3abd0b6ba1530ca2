// Bundles src into dist/: bin.js for the command and validate-worker.js for its threads, library.js for programs; what is imported
// lazily (Ink, schemas, outputs) becomes chunks.
// usage: npm run build [-- FOLDER]
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import packageJson from '../package.json' with { type: 'json' };
import { buildTypes } from './build-types.ts';
import { licensesOf } from './licenses.ts';

const [dist = 'dist'] = process.argv.slice(2);
rmSync(dist, { recursive: true, force: true });
const result = await build({
  entryPoints: { bin: 'src/bin.ts', library: 'src/library.ts', 'validate-worker': 'src/cli/threads/worker.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  metafile: true,
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    KUBEPLAN_VERSION: JSON.stringify(packageJson.version),
  },
  // Ink asks for this module only under DEV=true.
  external: ['react-devtools-core'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
const bytes = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
writeFileSync(`${dist}/THIRD-PARTY-LICENSES.txt`, licensesOf(Object.keys(result.metafile.inputs)));
const types = buildTypes(`${dist}/types`);
writeFileSync(`${dist}/package.json`, `${JSON.stringify({ type: 'module' })}\n`);
chmodSync(`${dist}/bin.js`, 0o755);
console.log(
  `${dist}: ${Object.keys(result.metafile.outputs).length} files, ${(bytes / 1024 / 1024).toFixed(1)} MiB, ${types.length} declarations`,
);
