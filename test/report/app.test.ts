// The terminal view drawn onto a stream that is no terminal: large plans stay fluid, and no size breaks it.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { render } from 'ink';
import { createElement } from 'react';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { App } from '../../src/report/ink/App.tsx';
import { footerLine } from '../../src/report/ink/frame.ts';
import { type Line, piece, plainText } from '../../src/report/ink/line.ts';
import { cutPieces } from '../../src/report/ink/VirtualList.tsx';
import { initialState, type Key, linesOf, pressed } from '../../src/report/ink/view-state.ts';
import { makeBigPlan } from './big-plan.ts';
import { makePlanDocument } from './plan-builder.ts';

const PAGE = 40;
const big = () => makeBigPlan(1_000, 18);

/** Of the processor, so that a busy machine does not count. */
function milliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3;
}
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const speed = suite('20,000 changes');
speed('open in less than a second, every key answers within 50 ms', () => {
  const plan = big();
  assert.is(plan.changes.length, 20_000);
  let state = initialState(plan);
  const open = milliseconds(() => {
    state = initialState(makeBigPlan(0, 0));
    state = initialState(plan);
    linesOf(state, plan);
  });
  assert.ok(open < 1_000, `opening took ${open} ms`);
  const press = (key: Key): number =>
    milliseconds(() => {
      state = pressed(state, key, plan, PAGE);
      footerLine(state, plan, linesOf(state, plan));
    });
  const spent: number[] = [];
  for (const key of ['down', 'right', 'down', 'right', 'pageDown', 'bottom', 'up', 'top', 'left'] as const)
    spent.push(press(key));
  for (const text of ['p', 'p', 'a', 'a', 'a', 'K', 'N', '/', 'w', 'e', 'b', '-', '1']) spent.push(press({ text }));
  for (const key of ['enter', 'down', 'down', 'enter', 'pageDown', 'escape', 'escape', 'tab'] as const)
    spent.push(press(key));
  for (const text of ['5', ']', ']', 'G', '[']) spent.push(press({ text }));
  assert.ok(median(spent) < 50, `a key took ${median(spent)} ms`);
  // One key may meet a collection of garbage or a function not yet compiled.
  assert.ok(Math.max(...spent) < 250, `the slowest key took ${Math.max(...spent)} ms`);
});
speed('moving the cursor makes no line anew', () => {
  const plan = big();
  const state = initialState(plan);
  assert.is(linesOf(pressed(state, 'down', plan, PAGE), plan), linesOf(state, plan));
});
speed.run();

class Screen extends EventEmitter {
  columns = 80;
  rows = 24;
  isTTY = true;
  frames: string[] = [];
  write(chunk: string): boolean {
    this.frames.push(chunk);
    return true;
  }
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }
}
/** A keyboard as Ink wants it. */
function keyboard(): PassThrough {
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {}, ref: () => {}, unref: () => {} });
}

const drawing = suite('drawing the view');
for (const [columns, rows] of [
  [20, 24],
  [20, 3],
  [1, 1],
  [300, 100],
] as const)
  drawing(`a terminal that becomes ${columns} × ${rows} breaks nothing`, async () => {
    const screen = new Screen();
    const keys = keyboard();
    const app = render(createElement(App, { plan: makePlanDocument() }), {
      // Only what Ink uses of the streams is there.
      stdout: screen as unknown as NodeJS.WriteStream,
      stdin: keys as unknown as NodeJS.ReadStream,
      exitOnCtrlC: false,
      patchConsole: false,
      debug: true,
    });
    await sleep(20);
    screen.resize(columns, rows);
    for (const key of ['2', '5', '1', 'j', 'j', '\r', 'c', '?', '?']) {
      keys.write(key);
      await sleep(5);
    }
    assert.not.match(screen.frames.join(''), 'ERROR');
    keys.write('q');
    await app.waitUntilExit();
  });
drawing('no text moves the cursor of the terminal or breaks its line', () => {
  const line: Line = { id: 'x', pieces: [piece('a\u001b[2Jb\nc\td')] };
  assert.is(plainText(line), 'a [2Jb c d');
});
drawing('of a value of a megabyte only what fits is drawn', () => {
  const cut = cutPieces([piece('head '), piece('x'.repeat(1_000_000)), piece('tail')], 80);
  assert.is(cut.length, 2);
  assert.ok(cut[1]!.text.length < 400);
});
drawing.run();
