// The real streams and files behind Io.
import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { FileReader } from '../manifests/read.ts';
import type { Io, Output } from './io.ts';

/** Each thread takes its own memory for the program. */
const MAX_THREADS = 4;

/** The real files and standard input. */
export const PROCESS_FILES: FileReader = {
  kind(path) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return 'missing';
    if (stat.isDirectory()) return 'folder';
    return stat.isFile() ? 'file' : 'other';
  },
  read: (path) => decode(readFileSync(path)),
  names: (path) => readdirSync(path === '' ? '.' : path),
  stdin: () => decode(readFileSync(0)),
};

export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process;
  const isCi = env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false';
  return {
    env,
    folder: process.cwd(),
    stdout: outputOf(stdout),
    stderr: outputOf(stderr),
    isInteractive: Boolean(stdin.isTTY && stdout.isTTY && !isCi && env['TERM'] !== 'dumb'),
    threads: threadsOf(env['KUBEPLAN_THREADS']),
    files: PROCESS_FILES,
    writeFile(path, content) {
      const stat = statSync(path, { throwIfNoEntry: false });
      // A device or a pipe takes what is written; renaming would put a file in its place.
      if (stat && !stat.isFile()) return writeFileSync(path, content);
      // Whole or not at all: a reader never meets half a plan. A link keeps pointing at its file.
      const target = stat ? realpathSync(path) : path;
      const half = `${target}.${process.pid}.tmp`;
      writeFileSync(half, content);
      renameSync(half, target);
    },
  };
}

/** As many as there are processors, unless the environment says otherwise; a further thread needs the bundle. */
function threadsOf(wanted: string | undefined): number {
  if (import.meta.url.endsWith('.ts')) return 1;
  const count = Number(wanted);
  return Number.isInteger(count) && count > 0 ? count : Math.min(availableParallelism(), MAX_THREADS);
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY ?? false,
    get columns() {
      return stream.columns ?? 80;
    },
  };
}

function decode(bytes: Buffer): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
  if (!isUtf8(bytes)) throw new Error('yaml: invalid UTF-8: the file is not text in UTF-8');
  return bytes.toString('utf8');
}
