// Loads the chunks of the bundle: with the code that V8 compiled when the bundle was built, where that was this V8, else as Node does.
// Compiling is most of what a short run does, and a thread does all of it again.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

type Exports = Record<string, unknown>;
type Load = (name: string) => Exports;
type Chunk = (exports: Exports, require: Load, module: object, filename: string, folder: string) => void;

export const CODE_SUFFIX = '.code';

/** Where compiled code for this V8 is kept: no other V8 takes it. */
export function codeFolder(chunks: string): string {
  return join(chunks, `v8-${process.versions.v8}-${process.arch}`);
}

/** `compiled` is told of every chunk, for who keeps its code. */
export function chunkLoader(chunks: string, compiled?: (name: string, script: Script) => void): Load {
  const native = createRequire(join(chunks, 'loader.js'));
  const code = codeFolder(chunks);
  if (!compiled && !existsSync(code)) return native;
  const loaded = new Map<string, Exports>();
  const load: Load = (name) => {
    if (!name.startsWith('./')) return native(name);
    const known = loaded.get(name);
    if (known) return known;
    const file = join(chunks, name);
    const script = compileChunk(file, compiled ? undefined : readFileSync(join(code, name + CODE_SUFFIX)));
    compiled?.(name, script);
    const exports: Exports = {};
    loaded.set(name, exports);
    (script.runInThisContext() as Chunk)(exports, load, { exports }, file, chunks);
    return exports;
  };
  return load;
}

/** A function around the text, as Node puts one around a module. */
export function compileChunk(file: string, code?: Buffer): Script {
  // Nothing but ASCII stands in a chunk: no decoding, and half the memory.
  const text = readFileSync(file, 'latin1');
  return new Script(`(function(exports,require,module,__filename,__dirname){${text}\n})`, {
    filename: file,
    ...(code ? { cachedData: code } : {}),
  });
}
