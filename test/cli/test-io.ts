// The outside world of a command, held in memory; files are read from the real file system.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Runs one command line in this process. */
export async function runCommand(
  argv: readonly string[],
  options: { readonly stdin?: string; readonly env?: Record<string, string>; readonly folder?: string } = {},
): Promise<Ran> {
  const written = new Map<string, string>();
  let stdout = '';
  let stderr = '';
  const io: Io = {
    env: options.env ?? {},
    // Outside of any repository unless a test says otherwise: no configuration file is found.
    folder: options.folder ?? '/',
    isInteractive: false,
    stdout: { write: (text) => void (stdout += text), isTerminal: false, columns: 80 },
    stderr: { write: (text) => void (stderr += text), isTerminal: false, columns: 80 },
    files: {
      kind(path) {
        const stat = statSync(path, { throwIfNoEntry: false });
        return !stat ? 'missing' : stat.isDirectory() ? 'folder' : 'file';
      },
      read: (path) => written.get(path) ?? readFileSync(path, 'utf8'),
      names: (path) => readdirSync(path),
      stdin: () => options.stdin ?? '',
    },
    readBytes: (path) => Buffer.from(written.get(path) ?? readFileSync(path)),
    writeFile: (path, content) => void written.set(path, typeof content === 'string' ? content : [...content].join('')),
  };
  const code = await main(argv, io);
  return { code, stdout, stderr, files: written };
}
