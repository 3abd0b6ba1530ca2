// Documents that name files name files that are there, and each decision has a number of its own.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const DECISIONS = 'docs/decisions';
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].filter((name) => existsSync(name));

const documents = suite('documents');

documents('each decision has a number of its own', () => {
  const numbers = readdirSync(DECISIONS).map((name) => name.slice(0, 4));
  assert.equal(numbers, [...new Set(numbers)]);
});

for (const document of DOCUMENTS)
  documents(`${document}: what it links to is there`, () => {
    const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)];
    const missing = links
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(dirname(document), target)));
    assert.equal(missing, []);
  });

/** Paths of the tree in backquotes, as ARCHITECTURE.md has hundreds; those with a placeholder stand for many. */
for (const document of ['ARCHITECTURE.md', 'CONTRIBUTING.md'])
  documents(`${document}: the files it names are there`, () => {
    const named = [...readFileSync(document, 'utf8').matchAll(/`((?:src|test|scripts|docs|fixtures)\/[\w./-]+)`/g)];
    const missing = named.map(([, path = '']) => path).filter((path) => !existsSync(path));
    assert.equal(missing, []);
  });

documents('decisions that sources name are there', () => {
  const sources = ['src', 'scripts', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith(join('schema', 'generated')))
      .map((name) => join(folder, name)),
  );
  const numbers = new Set(readdirSync(DECISIONS).map((name) => name.slice(0, 4)));
  for (const source of sources)
    for (const [, number = ''] of readFileSync(source, 'utf8').matchAll(/docs\/decisions\/(\d{4})/g))
      assert.ok(numbers.has(number), `${source} names decision ${number}`);
});

documents.run();
