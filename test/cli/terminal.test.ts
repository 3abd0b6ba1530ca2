// The terminal view in a real terminal (tmux), at two sizes: opens, moves, filters, opens an object, leaves the plan in the scrollback.
// Without tmux these tests are counted as skipped.
import { execFileSync, spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const COMMAND = `${process.execPath} --import tsx src/bin.ts plan -f fixtures/guestbook/create/manifests --cluster fixtures/guestbook/create/cluster.yaml`;

class Terminal {
  readonly #socket: string;

  constructor(columns: number, rows: number, command: string) {
    this.#socket = `kubeplan-test-${process.pid}-${columns}`;
    this.#tmux(
      'new-session',
      '-d',
      '-s',
      't',
      '-x',
      String(columns),
      '-y',
      String(rows),
      'env -u CI TERM=screen-256color sh',
    );
    this.#tmux('send-keys', '-t', 't', '-l', command);
    this.keys('Enter');
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  }

  keys(...keys: string[]): void {
    this.#tmux('send-keys', '-t', 't', ...keys);
  }

  screen(): string {
    return this.#tmux('capture-pane', '-t', 't', '-p');
  }

  scrollback(): string {
    return this.#tmux('capture-pane', '-t', 't', '-p', '-J', '-S', '-1000');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-t', 't', '-x', String(columns), '-y', String(rows));
  }

  async waitFor(pattern: RegExp, where: () => string = () => this.screen()): Promise<string> {
    const end = Date.now() + 40_000;
    for (;;) {
      const text = where();
      if (pattern.test(text)) return text;
      if (Date.now() > end) throw new Error(`${pattern} did not appear in:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  close(): void {
    spawnSync('tmux', ['-L', this.#socket, 'kill-server']);
  }
}

const view = suite('terminal view');
for (const [columns, rows] of [
  [80, 24],
  [200, 50],
] as const) {
  const test = hasTmux ? view : view.skip;
  test(`at ${columns}x${rows} it opens, moves, filters, opens an object and leaves the plan`, async () => {
    const terminal = new Terminal(columns, rows, COMMAND);
    try {
      const first = await terminal.waitFor(/1 changes \d+/);
      assert.match(first, /\+ Deployment default\/frontend/);
      assert.ok(
        first.split('\n').every((line) => line.length <= columns),
        'no line is broken',
      );
      terminal.keys('Down', 'Down', 'Enter');
      await terminal.waitFor(/because of Deployment default\/frontend/);
      terminal.keys('Escape');
      const back = await terminal.waitFor(/Submitted/);
      assert.match(back.split('\n')[0] ?? '', /1 changes \d+/, 'the header stays on the first line');
      terminal.keys('/');
      await terminal.waitFor(/enter keeps the filter/);
      terminal.keys('-l', 'redis-master');
      terminal.keys('Enter');
      const filtered = await terminal.waitFor(/\d \/redis-master/);
      assert.match(filtered, /ReplicationController default\/redis-master/);
      assert.not.match(filtered, /redis-slave/);
      terminal.keys('2');
      await terminal.waitFor(/node-\d/);
      terminal.resize(columns - 30, rows - 4);
      await terminal.waitFor(/2 placements/);
      terminal.keys('q');
      const left = await terminal.waitFor(/Converged: yes/, () => terminal.scrollback());
      assert.match(left, /Plan: 6 to create/);
      assert.match(left, /fixtures\/guestbook\/create\/cluster\.yaml/, 'what stood there before is still there');
    } finally {
      terminal.close();
    }
  });
}
if (hasTmux) {
  view('Ctrl-C gives the terminal back and exits with 130', async () => {
    const terminal = new Terminal(90, 24, `${COMMAND}; echo "left with $?"`);
    try {
      await terminal.waitFor(/1 changes \d+/);
      terminal.keys('C-c');
      await terminal.waitFor(/left with 130/, () => terminal.scrollback());
    } finally {
      terminal.close();
    }
  });
} else console.log('tmux is not installed: the terminal view is not tested here');
view.run();
