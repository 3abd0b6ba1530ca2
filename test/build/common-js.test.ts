// Chunks as CommonJS modules: what a chunk gives to others is the same as when they were ES modules.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toCommonJs } from '../../scripts/build/common-js.ts';

type Exports = Record<string, unknown>;

/** What a chunk exports when all are loaded as Node loads CommonJS. */
function loaded(texts: Readonly<Record<string, string>>, name: string): Exports {
  const chunks = toCommonJs(Object.entries(texts).map(([chunk, text]) => ({ name: chunk, text })));
  const known = new Map<string, Exports>();
  const load = (specifier: string): unknown => {
    if (!specifier.startsWith('./')) return process.getBuiltinModule(specifier);
    const found = known.get(specifier);
    if (found) return found;
    const exports: Exports = {};
    known.set(specifier, exports);
    const text = chunks.get(specifier.slice(2))!;
    new Function('exports', 'require', '__filename', text)(exports, load, `/dist/${specifier.slice(2)}`);
    return exports;
  };
  return load(`./${name}`) as Exports;
}

const chunk = suite('common-js');

const table: readonly (readonly [string, Readonly<Record<string, string>>, Exports])[] = [
  [
    'named imports, renamed on both sides',
    { 'a.js': 'import{b as c}from"./b.js";var d=c+1;export{d as e};', 'b.js': 'var x=1;export{x as b};' },
    { e: 2 },
  ],
  [
    'default, namespace and named imports of what Node has',
    {
      'a.js':
        'import p,{sep}from"node:path";import*as all from"node:path";var r=[p.sep===sep,all.sep===sep];export{r};',
    },
    { r: [true, true] },
  ],
  [
    'an import for its effect, and a default export',
    { 'a.js': 'import"./b.js";var x=globalThis.__effect;export{x as default};', 'b.js': 'globalThis.__effect=7;' },
    { default: 7 },
  ],
  ['its own address', { 'a.js': 'var u=import.meta.url;export{u};' }, { u: 'file:///dist/a.js' }],
  ['a pattern with letters beyond ASCII', { 'a.js': 'var r=/^\u00b5$/.test("\\xB5");export{r};' }, { r: true }],
  ['a hash-bang line', { 'a.js': '#!/usr/bin/env node\nvar r=1;export{r};' }, { r: 1 }],
];
for (const [situation, texts, want] of table)
  chunk(`${situation}: the exports are the same`, () => {
    assert.equal(loaded(texts, 'a.js'), want);
  });
chunk('a lazy import: a promise of the exports', async () => {
  const { get } = loaded({ 'a.js': 'var get=()=>import("./b.js");export{get};', 'b.js': 'var x=1;export{x};' }, 'a.js');
  assert.equal(await (get as () => Promise<Exports>)(), { x: 1 });
});
chunk(
  'a chunk that waits at its top level, behind another one: a promise of the exports once they are there',
  async () => {
    const { get } = loaded(
      {
        'a.js': 'var get=()=>import("./b.js");export{get};',
        'b.js': 'import{x}from"./c.js";var y=x+1;export{y};',
        'c.js': 'var x=await Promise.resolve(1);export{x};',
      },
      'a.js',
    );
    const { y } = await (get as () => Promise<Exports>)();
    assert.is(y, 2);
  },
);
chunk('an export that changes later: the build fails', () => {
  assert.throws(
    () => toCommonJs([{ name: 'a.js', text: 'var x=0;function next(){x++}export{x,next};' }]),
    'a.js: the export x changes after it was imported',
  );
});
chunk.run();
