// The terminal view drawn onto a stream that is no terminal: large plans stay fluid, and no size breaks it.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
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
      footerLine(state, plan, linesOf(state, plan), {});
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
/** Draws the view, presses keys, and gives what was written. */
async function written(
  keys: readonly string[],
  options: { readonly spoken?: boolean; readonly refusal?: string } = {},
) {
  const screen = new Screen();
  const stdin = keyboard();
  const clipboard = options.refusal === undefined ? {} : { refusal: options.refusal };
  const app = render(createElement(App, { plan: makePlanDocument(), clipboard }), {
    stdout: screen as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: options.spoken ?? false,
    debug: true,
  });
  const drawn = async (frames: number): Promise<void> => {
    for (let wait = 0; screen.frames.length <= frames && wait < 400; wait++) await sleep(5);
  };
  await drawn(0);
  await sleep(20);
  for (const key of keys) {
    const { length } = screen.frames;
    stdin.write(key);
    await drawn(length);
  }
  stdin.write('q');
  await app.waitUntilExit();
  return screen.frames;
}
drawing('y sends the line to the clipboard of the terminal and says so', async () => {
  const frames = await written(['j', 'y']);
  assert.ok(frames.includes(`\u001b]52;c;${Buffer.from('▾ + Deployment default/web').toString('base64')}\u0007`));
  assert.ok(frames.some((frame) => frame.includes('copied 1 line')));
});
drawing('a terminal without a clipboard gets nothing, and the reader is told', async () => {
  const frames = await written(['y'], { refusal: 'this terminal has no clipboard' });
  assert.not.ok(frames.some((frame) => frame.includes('\u001b]52')));
  assert.ok(frames.some((frame) => frame.includes('not copied: this terminal has no clipboard')));
});
drawing('a screen reader gets one line at a time, in words', async () => {
  const frames = (await written(['j', 'j', 'j', '2', 'j'], { spoken: true })).map((frame) =>
    stripVTControlCharacters(frame),
  );
  for (const line of [
    '1 of 6: Submitted',
    '2 of 6: unfolded, create Deployment default/web',
    '4 of 6: create Pod default/web-1-a on node-1',
    '2 of 5: unfolded, node-1',
  ])
    assert.ok(
      frames.some((frame) => frame.includes(line)),
      line,
    );
  assert.not.match(frames.join(''), /[▸▾█▒░›✗]/);
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
