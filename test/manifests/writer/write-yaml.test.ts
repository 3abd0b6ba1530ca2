// YAML as kubectl prints it: by hand, and as sigs.k8s.io/yaml v1.6.0 wrote odd values (write-yaml.jsonl: a value and its text a line).
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeYaml } from '../../../src/manifests/writer/write-yaml.ts';
import { parseYamlDocument } from '../../../src/manifests/yaml-document.ts';

const yaml = suite('written YAML');
const written: readonly (readonly [string, unknown, string])[] = [
  ['a text that would be read as a number is quoted', { a: '1' }, 'a: "1"\n'],
  ['a time is quoted', { a: '2026-01-01T00:00:00Z' }, 'a: "2026-01-01T00:00:00Z"\n'],
  ['an old boolean is quoted', { a: 'yes' }, 'a: "yes"\n'],
  ['a colon before a blank makes single quotes', { a: 'b: c' }, "a: 'b: c'\n"],
  ['several lines are a literal block', { a: 'b\nc\n' }, 'a: |\n  b\n  c\n'],
  ['a list stands at the column of its key', { a: [{ b: 1, c: 2 }] }, 'a:\n- b: 1\n  c: 2\n'],
  ['keys with numbers are sorted by their value', { a10: 1, a9: 2 }, 'a9: 2\na10: 1\n'],
  ['nothing in them', { a: {}, b: [], c: '' }, 'a: {}\nb: []\nc: ""\n'],
];
for (const [name, value, expected] of written) yaml(name, () => assert.is(writeYaml(value), expected));
yaml('reads back as what was written', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ maxLength: 200 })), (map) => {
      assert.equal({ ...(parseYamlDocument(writeYaml(map)).value as object) }, { ...map });
    }),
  );
});

for (const [i, line] of readFileSync('test/manifests/writer/write-yaml.jsonl', 'utf8').trimEnd().split('\n').entries())
  yaml(`recorded value ${i + 1}`, () => {
    const [value, expected] = JSON.parse(line) as [unknown, string];
    assert.is(writeYaml(value), expected);
    // What is known by heart from the first time is written as it was then.
    assert.is(writeYaml(value), expected);
  });
yaml.run();
