// Keeps the code that V8 compiles of the bundle. It is taken after usual commands have run, so that it holds the functions that a run
// needs and not only the outer ones.
// usage: node --import tsx scripts/build/code-cache.ts CHUNKS RUN (the chunk of src/cli/run.ts)
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Script } from 'node:vm';
import { CODE_SUFFIX, chunkLoader, codeFolder, compileChunk } from './chunk-loader.ts';

const MANIFESTS = 'fixtures/guestbook/create/manifests';
const CLUSTER = 'fixtures/guestbook/create/cluster.yaml';
const USUAL = [
  ['validate', '-f', MANIFESTS],
  ['plan', '-f', MANIFESTS, '--cluster', CLUSTER],
];

const [given = '', start = ''] = process.argv.slice(2);
const chunks = resolve(given);
const scripts = new Map<string, Script>();
const load = chunkLoader(chunks, (name, script) => scripts.set(name, script));
const { run } = load(`./${start}`) as { run(argv: readonly string[]): Promise<void> };
const write = process.stdout.write;
process.stdout.write = () => true;
for (const argv of USUAL) await run(argv);
process.stdout.write = write;
process.exitCode = 0;

const folder = codeFolder(chunks);
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(chunks).filter((file) => file.endsWith('.js'))) {
  const script = scripts.get(`./${name}`) ?? compileChunk(join(chunks, name));
  writeFileSync(join(folder, name + CODE_SUFFIX), script.createCachedData());
}
