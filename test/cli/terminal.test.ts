// The terminal view in a real terminal (tmux), at two sizes: opens, moves, filters, opens an object, leaves the plan in the scrollback.
// Without tmux these tests are counted as skipped.
import { execFileSync, spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const PROGRAM = `${process.execPath} --import tsx src/bin.ts`;
const FIXTURE = 'fixtures/guestbook';
const COMMAND = `${PROGRAM} plan -f ${FIXTURE}/create/manifests --cluster ${FIXTURE}/create/cluster.yaml`;
let opened = 0;

class Terminal {
  readonly #socket: string;

  constructor(columns: number, rows: number, command: string) {
    this.#socket = `kubeplan-test-${process.pid}-${opened++}`;
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

  cursorIsShown(): string {
    return this.#tmux('display-message', '-t', 't', '-p', '#{cursor_flag}').trim();
  }

  isOnSecondScreen(): string {
    return this.#tmux('display-message', '-t', 't', '-p', '#{alternate_on}').trim();
  }

  /** Sends a signal to the program in the foreground. */
  kill(signal: string): void {
    const shell = this.#tmux('display-message', '-t', 't', '-p', '#{pane_pid}').trim();
    execFileSync('pkill', [`-${signal}`, '-P', shell, 'node']);
  }

  takeCopies(): void {
    this.#tmux('set', '-s', 'set-clipboard', 'on');
  }

  copied(): string {
    return this.#tmux('show-buffer');
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
    const terminal = new Terminal(90, 24, `${COMMAND}; echo "left with $?"; stty -a`);
    try {
      await terminal.waitFor(/1 changes \d+/);
      terminal.keys('C-c');
      const left = await terminal.waitFor(/left with 130[\s\S]*echoe/, () => terminal.scrollback());
      assert.match(left, / icanon /, 'raw mode is off');
      assert.match(left, / echo /);
      assert.is(terminal.cursorIsShown(), '1');
      assert.is(terminal.isOnSecondScreen(), '0');
    } finally {
      terminal.close();
    }
  });
  view('a signal that ends it gives the terminal back', async () => {
    const terminal = new Terminal(91, 24, `${COMMAND}; echo "left with $?"; stty -a`);
    try {
      await terminal.waitFor(/1 changes \d+/);
      terminal.kill('TERM');
      const left = await terminal.waitFor(/left with 143[\s\S]*echoe/, () => terminal.scrollback());
      assert.match(left, / icanon /);
      assert.is(terminal.cursorIsShown(), '1');
      assert.is(terminal.isOnSecondScreen(), '0');
    } finally {
      terminal.close();
    }
  });
  view('Ctrl-C before the view opens gives the terminal back, too', async () => {
    const terminal = new Terminal(92, 24, COMMAND);
    try {
      await terminal.waitFor(/cluster\.yaml/);
      await new Promise((resolve) => setTimeout(resolve, 300));
      terminal.keys('C-c');
      await terminal.waitFor(/\^C/);
      // A shell forgets the rest of a line that Ctrl-C broke off.
      terminal.keys('-l', 'echo "left with $?"; stty -a');
      terminal.keys('Enter');
      const left = await terminal.waitFor(/left with 130[\s\S]*echoe/, () => terminal.scrollback());
      assert.match(left, / icanon /);
      assert.is(terminal.cursorIsShown(), '1');
    } finally {
      terminal.close();
    }
  });
  view('pods that wait show why in a pane, down to a terminal of 20 columns', async () => {
    const terminal = new Terminal(
      80,
      20,
      `${PROGRAM} plan -f ${FIXTURE}/unschedulable/manifests --cluster ${FIXTURE}/unschedulable/cluster.yaml`,
    );
    try {
      await terminal.waitFor(/1 changes \d+/);
      terminal.keys('6');
      const pane = await terminal.waitFor(/NodeResourcesFit/);
      assert.match(pane, /✗ +Insufficient cpu/);
      terminal.keys('/');
      await terminal.waitFor(/enter keeps the filter/);
      terminal.keys('-l', 'no-such-node');
      terminal.keys('Enter');
      await terminal.waitFor(/nothing matches no-such-node/);
      terminal.keys('Escape');
      await terminal.waitFor(/✗ +Insufficient cpu/);
      terminal.keys('Left');
      await terminal.waitFor(/▸ default/);
      terminal.keys('Right', 'Enter');
      await terminal.waitFor(/because of ReplicaSet/);
      terminal.keys('Escape');
      terminal.resize(20, 10);
      const small = await terminal.waitFor(/^ *\S* *6 pending \d *$/m);
      assert.ok(small.split('\n').every((line) => line.length <= 20));
      terminal.keys('7', '8', '9', '1');
      await terminal.waitFor(/1 changes/);
      terminal.resize(80, 20);
      await terminal.waitFor(/\+ Deployment default\/frontend/);
      terminal.keys('q');
      await terminal.waitFor(/Converged: no/, () => terminal.scrollback());
    } finally {
      terminal.close();
    }
  });
  view('y hands a line to the terminal, which keeps it', async () => {
    const terminal = new Terminal(100, 24, COMMAND);
    try {
      terminal.takeCopies();
      await terminal.waitFor(/1 changes \d+/);
      terminal.keys('Down', 'y');
      await terminal.waitFor(/copied 1 line/);
      assert.match(terminal.copied(), /\+ Deployment default\/frontend/);
    } finally {
      terminal.close();
    }
  });
  view('a screen reader stays on the ordinary screen and hears one line at a time', async () => {
    const terminal = new Terminal(110, 24, `export INK_SCREEN_READER=true; ${COMMAND}`);
    try {
      await terminal.waitFor(/1 of \d+: Submitted/);
      assert.is(terminal.isOnSecondScreen(), '0');
      terminal.keys('Down');
      await terminal.waitFor(/2 of \d+: unfolded, create Deployment default\/frontend/);
      terminal.keys('q');
      await terminal.waitFor(/Converged: yes/, () => terminal.scrollback());
    } finally {
      terminal.close();
    }
  });
} else console.log('tmux is not installed: the terminal view is not tested here');
view.run();
