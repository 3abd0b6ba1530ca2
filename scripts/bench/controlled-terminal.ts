// A terminal for measurements: tmux in control mode tells each piece of output as it comes, and takes keys without a process for each.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

const PATIENCE_MS = 60_000;
/** An answer may come in several writes: it has come when nothing follows for so long. */
const QUIET_MS = 15;

let opened = 0;

export class ControlledTerminal {
  readonly #tmux: ChildProcessWithoutNullStreams;
  readonly #listeners = new Set<(output: string) => void>();
  #rest = '';

  static async open(columns: number, rows: number, folder: string): Promise<ControlledTerminal> {
    const terminal = new ControlledTerminal(columns, rows, folder);
    // The shell's prompt: from here on the terminal answers.
    await terminal.until(/\$/);
    return terminal;
  }

  private constructor(columns: number, rows: number, folder: string) {
    const size = ['-x', String(columns), '-y', String(rows)];
    // A server of its own for each: the last one may be on its way out.
    const socket = `kubeplan-bench-${process.pid}-${opened++}`;
    const shell = 'env PS1="$ " TERM=screen-256color sh';
    this.#tmux = spawn('tmux', ['-L', socket, '-f', '/dev/null', '-C', 'new-session', '-c', folder, ...size, shell]);
    this.#tmux.stdout.setEncoding('latin1').on('data', (chunk: string) => this.#read(chunk));
    this.#send(`refresh-client -C ${columns}x${rows}`);
  }

  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    const output = lines.flatMap((line) => (line.startsWith('%output ') ? [line] : [])).join('\n');
    if (output !== '') for (const listener of this.#listeners) listener(output);
  }

  #send(command: string): void {
    this.#tmux.stdin.write(`${command}\n`);
  }

  run(command: string): void {
    this.#send(`send-keys -l -- ${JSON.stringify(command)}`);
    this.#send('send-keys Enter');
  }

  /** Resolves once this has been printed. */
  until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      let printed = '';
      const timer = setTimeout(
        () => reject(new Error(`${pattern} was not printed: ${printed.slice(-500)}`)),
        PATIENCE_MS,
      );
      const listener = (output: string): void => {
        printed += output;
        const found = pattern.exec(printed);
        if (!found) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(found);
      };
      this.#listeners.add(listener);
    });
  }

  /** Presses a key, waits for the whole frame that answers it, and says after how many milliseconds its last piece came. */
  answerTo(key: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const started = performance.now();
      let last = started;
      const isOver = setInterval(() => {
        const now = performance.now();
        if (last > started && now - last > QUIET_MS) done();
        else if (now - started > PATIENCE_MS) {
          clearInterval(isOver);
          reject(new Error(`nothing answers ${key}`));
        }
      }, 1);
      const listener = (): void => {
        last = performance.now();
      };
      const done = (): void => {
        clearInterval(isOver);
        this.#listeners.delete(listener);
        resolve(last - started);
      };
      this.#listeners.add(listener);
      this.#send(`send-keys ${key}`);
    });
  }

  close(): void {
    this.#send('kill-server');
    this.#tmux.kill();
  }
}
