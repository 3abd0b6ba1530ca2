// Everything outside the program that a command may touch, so that tests can stand in for it.
import type { FileReader } from '../manifests/read.ts';

export interface Io {
  readonly files: FileReader;
  /** The working folder, absolute. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether keys can be read, so that the terminal UI may open. */
  readonly isInteractive: boolean;
  /** How many threads may work at once; absent where files are not the real ones, which no other thread could read. */
  readonly threads?: number;
  /** Runs a program of the user's to its end; undefined when there is none of the name. Absent where programs may not be run. */
  runProgram?(name: string, args: readonly string[]): ProgramRun | undefined;
  /** The text as the user's editor leaves it; undefined when the editor does not end well. Absent where programs may not be run. */
  edit?(text: string): string | undefined;
  readBytes(path: string): Buffer;
  /** Whole or not at all; what is too long for one text comes in pieces. */
  writeFile(path: string, content: string | Iterable<string>): void;
}

export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns: number;
}

export interface ProgramRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}
