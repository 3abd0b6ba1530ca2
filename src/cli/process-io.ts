// The real streams and files behind Io.
import { isAscii, isUtf8 } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteFile } from '../manifests/large/byte-file.ts';
import { textWithOctets } from '../manifests/octets.ts';
import type { FileReader } from '../manifests/read.ts';
import type { Io, Output, ProgramRun } from './io.ts';

/** Each thread takes its own memory for the program. */
const MAX_THREADS = 4;
const MAX_PROGRAM_OUTPUT = 256 * 1024 * 1024;

/** The real files and standard input. */
export const PROCESS_FILES: FileReader = {
  kind(path) {
    try {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (!stat) return 'missing';
      if (stat.isDirectory()) return 'folder';
      return stat.isFile() ? 'file' : 'other';
    } catch (error) {
      // Below a file there is nothing; what else is wrong, whoever reads it is told.
      return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'missing' : 'other';
    }
  },
  read: (path) => decode(bytesOf(path)),
  names: (path) => readdirSync(path === '' ? '.' : path),
  entries: (path) =>
    readdirSync(path === '' ? '.' : path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFolder: entry.isSymbolicLink() ? PROCESS_FILES.kind(join(path, entry.name)) === 'folder' : entry.isDirectory(),
    })),
  stdin: () => decode(readFileSync(0)),
  open: openFile,
};

function openFile(path: string): ByteFile | undefined {
  const from = openSync(path, 'r');
  const stat = fstatSync(from);
  if (!stat.isFile()) {
    closeSync(from);
    return undefined;
  }
  return {
    size: stat.size,
    read: (into, at) => readSync(from, into, 0, into.length, at),
    close: () => closeSync(from),
  };
}

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
    runProgram,
    edit: (text) => edited(text, env),
    readBytes: (path) => readFileSync(path),
    writeFile: writeWhole,
  };
}

/** Whole or not at all: a reader never meets half a plan. */
function writeWhole(path: string, content: string | Iterable<string>): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  // A device or a pipe takes what is written; renaming would put a file in its place.
  if (stat && !stat.isFile()) {
    writePieces(path, content);
    return;
  }
  // A link keeps pointing at its file.
  const target = stat ? realpathSync(path) : path;
  const half = `${target}.${process.pid}.tmp`;
  try {
    writePieces(half, content);
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  }
}

/** Pieces are gathered to this many letters before they are written. */
const LETTERS_A_WRITE = 1 << 20;

function writePieces(path: string, content: string | Iterable<string>): void {
  const to = openSync(path, 'w');
  try {
    let gathered = '';
    for (const piece of typeof content === 'string' ? [content] : content) {
      gathered += piece;
      if (gathered.length < LETTERS_A_WRITE) continue;
      writeFileSync(to, gathered);
      gathered = '';
    }
    writeFileSync(to, gathered);
  } finally {
    closeSync(to);
  }
}

function runProgram(name: string, args: readonly string[]): ProgramRun | undefined {
  const { error, status, stdout, stderr } = spawnSync(name, args, {
    maxBuffer: MAX_PROGRAM_OUTPUT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error && 'code' in error && error.code === 'ENOENT') return undefined;
  const said = stderr?.toString('utf8') ?? '';
  return {
    ok: status === 0,
    stdout: decode(stdout ?? Buffer.alloc(0)),
    stderr: error ? `${said}${error.message}` : said,
  };
}

/** KUBE_EDITOR, then EDITOR, as kubectl takes them: with quotes they are the shell's to read. */
function edited(text: string, env: NodeJS.ProcessEnv): string | undefined {
  const editor = env['KUBE_EDITOR'] || env['EDITOR'] || 'vi';
  const folder = mkdtempSync(join(tmpdir(), 'kubeplan-edit-'));
  const file = join(folder, 'edit.yaml');
  try {
    writeFileSync(file, text, { mode: 0o600 });
    const [name = '', ...args] = /["'\\]/.test(editor)
      ? [env['SHELL'] || '/bin/sh', '-c', `${editor} "$0"`, file]
      : [...editor.split(' '), file];
    const { status } = spawnSync(name, args, { stdio: 'inherit' });
    return status === 0 ? readFileSync(file, 'utf8') : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
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
  if (isAscii(bytes)) return bytes.toString('latin1');
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
  return isUtf8(bytes) ? bytes.toString('utf8') : textWithOctets(bytes);
}

/** Devices and pipes may never end: no set of manifests is larger. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Nearly every manifest fits: it is read here and made a text before the next one. */
const SHORT = Buffer.allocUnsafeSlow(64 * 1024);

/** All bytes, to be used before the next file is read. */
function bytesOf(path: string): Buffer {
  const from = openSync(path, 'r');
  try {
    let size = 0;
    while (size < SHORT.length) {
      const count = readSync(from, SHORT, size, SHORT.length - size, null);
      if (count === 0) return SHORT.subarray(0, size);
      size += count;
    }
    return readRest(from, Buffer.from(SHORT));
  } finally {
    closeSync(from);
  }
}

function readRest(from: number, start: Buffer): Buffer {
  if (fstatSync(from).isFile()) return Buffer.concat([start, readFileSync(from)]);
  const chunks = [start];
  for (let size = start.length; size <= MOST_BYTES; ) {
    const chunk = Buffer.alloc(1 << 20);
    const count = readSync(from, chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    size += count;
  }
  throw new Error(`it does not end after ${MOST_BYTES >> 20} MiB`);
}
