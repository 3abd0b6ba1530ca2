// YAML as sigs.k8s.io/yaml reads it; each line was checked against go.yaml.in/yaml v2.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseYamlDocument, positionOf } from '../../src/manifests/yaml-document.ts';
import { resolvePlainScalar } from '../../src/manifests/yaml-scalar.ts';

const scalars = suite('plain scalars');
for (const [text, want] of [
  ['yes', true],
  ['y', true],
  ['On', true],
  ['TRUE', true],
  ['no', false],
  ['N', false],
  ['off', false],
  ['yEs', 'yEs'],
  ['~', null],
  ['null', null],
  ['NULL', null],
  ['', null],
  ['nULL', 'nULL'],
  ['0', 0],
  ['-0', 0],
  ['42', 42],
  ['+7', 7],
  ['1_000', 1000],
  ['0x1F', 31],
  ['0o17', 15],
  ['017', 15],
  ['0b101', 5],
  ['-0b11', -3],
  ['08', 8],
  ['1.5', 1.5],
  ['1e3', 1000],
  ['12345e-2', 123.45],
  ['12345e_-2', 123.45],
  ['10.64.0.2', '10.64.0.2'],
  ['12345678-8042-4cc6', '12345678-8042-4cc6'],
  ['123456-7', '123456-7'],
  ['.5', 0.5],
  ['1.', 1],
  ['1:30', '1:30'],
  ['190:20:30', '190:20:30'],
  ['2024-01-01', '2024-01-01'],
  ['2024-01-01T10:00:00Z', '2024-01-01T10:00:00Z'],
  ['1.2.3', '1.2.3'],
  ['v1', 'v1'],
  ['9223372036854775808', 9223372036854775808n],
  ['18446744073709551616', 2 ** 64],
] as const) {
  scalars(`${text || '(empty)'} means ${String(want)}`, () => assert.is(resolvePlainScalar(text), want));
}
scalars.run();

const documents = suite('documents');
documents('keys that are no text become text', () => {
  assert.equal({ ...(parseYamlDocument('yes: 1\n2: b\n').value as object) }, { true: 1, 2: 'b' });
});
documents('a merge key fills in what the map does not say', () => {
  const { value } = parseYamlDocument('a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\n');
  assert.equal(JSON.parse(JSON.stringify(value)), { a: { k: 1, l: 2 }, b: { l: 3, k: 1 } });
});
documents('a key that stands twice is found with its line', () => {
  assert.equal(parseYamlDocument('a: 1\nb: 2\na: 3\n').duplicates, [
    { line: 3, column: 4, message: 'line 3: key "a" already set in map' },
  ]);
});
documents('__proto__ is a key like any other', () => {
  const { value } = parseYamlDocument('__proto__: {polluted: true}\n');
  assert.equal(Object.keys(value as object), ['__proto__']);
  assert.is(({} as { polluted?: boolean }).polluted, undefined);
});
for (const [name, text, message] of [
  ['a colon in a plain value', 'a: b: c\n', 'yaml: mapping values are not allowed in this context'],
  ['a tab as indent', 'a:\n\t- b\n', 'yaml: line 2: found character that cannot start any token'],
  ['an unknown anchor', 'a: *x\n', "yaml: unknown anchor 'x' referenced"],
  ['a control character', 'a: \u0001\n', 'yaml: control characters are not allowed'],
] as const) {
  documents(`${name} is refused in go-yaml's words`, () => assert.is(parseYamlDocument(text).error?.message, message));
}
documents('a bomb of aliases is refused quickly', () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) =>
      `l${i}: &l${i} [${
        i === 0
          ? '"x"'
          : Array(10)
              .fill(`*l${i - 1}`)
              .join(', ')
      }]`,
  );
  assert.is(parseYamlDocument(`${levels.join('\n')}\n`).error?.message, 'yaml: document contains excessive aliasing');
});
documents('nesting beyond all bounds is refused, not a crash', () => {
  const { error } = parseYamlDocument(`a: ${'['.repeat(20_000)}`);
  assert.ok(error);
});
documents('a field is found with line and column', () => {
  const text = 'spec:\n  containers:\n  - name: a\n    image: x\n';
  assert.equal(positionOf(text, ['spec', 'containers', 0, 'image']), { line: 4, column: 5 });
  assert.equal(positionOf(text, ['spec', 'containers', 0, 'ports']), { line: 3, column: 5 });
});
documents.run();
