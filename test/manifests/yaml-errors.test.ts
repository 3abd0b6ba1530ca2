// Texts that are no YAML, each with what kube-apiserver v1.36.3 said of it.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseYamlDocument, positionOf } from '../../src/manifests/yaml-document.ts';

const RECORDED: readonly (readonly [text: string, message: string])[] = [
  [
    'apiVersion: v1\nkind: !!binary \u00fcaGk=\nmetadata: {name: a}\ndata:\n  a: yes\n',
    'yaml: !!binary value contains invalid base64 data',
  ],
  ['kind: -\t a\nmetadata: {name: a}\n', 'yaml: block sequence entries are not allowed in this context'],
  ['apiVersion: 1_\nkind: <<\nmetadata: !!int 1.5\n', 'yaml: cannot decode !!float `1.5` as a !!int'],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    line1\n    line2\n  b: >-\n    folded\n    text\n\n    para\n  c: !!bool yes\n    keep\n\n',
    'yaml: cannot decode !!str `yes keep` as a !!bool',
  ],
  ['apiVersion: 1\nkind: ConfigMap\nmetadata: !!null x\n', 'yaml: cannot decode !!str `x` as a !!null'],
  ['\u0001', 'yaml: control characters are not allowed'],
  ['{\\[}\n', "yaml: did not find expected ',' or '}'"],
  ['*a[]\n\n', 'yaml: did not find expected alphabetic or numeric character'],
  ['|apiVersion: v1\nkind: 5.\nmetadata: _1\n', 'yaml: did not find expected comment or line break'],
  [': ', 'yaml: did not find expected key'],
  ['}', 'yaml: did not find expected node content'],
  ['\t', 'yaml: found character that cannot start any token'],
  ['apiVersion: "\\ud83d\\ude00"\n metadata: {name: 1.0}\n', 'yaml: found invalid Unicode character escape code'],
  ['apiVersion: "\\q"\nmetadata: {name: a\n', 'yaml: found unknown escape character'],
  ['kind: ConfigMap\nmetadata: {name: a}\ndata:\n  ? [a]\n  : b\n', 'yaml: invalid map key: []interface {}{"a"}'],
  [
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  volumes:\n  - {name: v, configMap: {name: c, defaultMode: 0o644}}:\n  - name: c\n  - name: c\n    image: i\n',
    'yaml: invalid map key: map[interface {}]interface {}{"configMap":map[interface {}]interface {}{"defaultMode":420, "name":"c"}, "name":"v"}',
  ],
  ['apiVersion: v1\nkind: - a\nmetadata: ~\n', 'yaml: line 2: block sequence entries are not allowed in this context'],
  ["apiVersion: v1\nkind: ''\n!metadata: <<\n", "yaml: line 4: could not find expected ':'"],
  ['[?]\n', "yaml: line 1: did not find expected ',' or ']'"],
  ['{null\n', "yaml: line 1: did not find expected ',' or '}'"],
  [
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: minimal\n  containers:\n     - name: c\n      image: busybox\n',
    "yaml: line 6: did not find expected '-' indicator",
  ],
  ['%YAML 1.1\n', 'yaml: line 1: did not find expected <document start>'],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  c: *unde[fined\n',
    'yaml: line 5: did not find expected alphabetic or numeric character',
  ],
  [
    'apiVersion: v1\nkind: ConfigMap\n>metadata: {name: a\n',
    'yaml: line 3: did not find expected comment or line break',
  ],
  ['kind: a #c\n metadata: {name: a}\n', 'yaml: line 1: did not find expected key'],
  ['{', 'yaml: line 1: did not find expected node content'],
  [
    'apiVersion: {a: b}\nkind: !!\ufeffnull x\nmetadata: {name: a}\ndata:\n  1: a\n  2.5: b\n  true: c\n',
    'yaml: line 2: did not find expected tag URI',
  ],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: !a}\nimmutable: on\n',
    'yaml: line 3: did not find expected whitespace or line break',
  ],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: \u00e9\n\t',
    'yaml: line 4: found a tab character that violates indentation',
  ],
  ['\n\t', 'yaml: line 2: found character that cannot start any token'],
  [
    'apiVer!sion: v1\nkind: "\\ud83d\\ude00"\nmetadata: N\n',
    'yaml: line 2: found invalid Unicode character escape code',
  ],
  ["'\n", 'yaml: line 2: found unexpected end of stream'],
  ['apiVersion: v1\nkind: "\\q"\nmetadata: {name: a', 'yaml: line 2: found unknown escape character'],
  ['kind: ConfigMap\nmetadata: ? a\n', 'yaml: line 2: mapping keys are not allowed in this context'],
  ['apiVersion: v2\nkind: : a\n', 'yaml: line 2: mapping values are not allowed in this context'],
  [
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  x: &c\n  \n  image: i\n  containers:\n  - <<: *c\n    name: c\n',
    'yaml: map merge requires map or sequence of maps as the value',
  ],
  ['aVersion: ? a\nkind: ConfigMap\nmetadata: {name: a}\n', 'yaml: mapping keys are not allowed in this context'],
  ['apiVersion: nd: ConfigMap\nmetadata: \u00a0x\n', 'yaml: mapping values are not allowed in this context'],
  ['*a', "yaml: unknown anchor 'a' referenced"],
];

const errors = suite('YAML errors');
for (const [text, message] of RECORDED)
  errors(`${JSON.stringify(text.slice(0, 60))}: ${message.slice(6)}`, () => {
    assert.is(parseYamlDocument(text).error?.message, message);
  });

errors('a character that cannot be read is noticed before what is wrong in the same piece of the text', () => {
  assert.is(parseYamlDocument('a: [\n\u0001').error?.message, 'yaml: control characters are not allowed');
  const far = `a: ]\n${'#'.repeat(2000)}\u0001`;
  assert.is(parseYamlDocument(far).error?.message, 'yaml: did not find expected node content');
});
errors('a number that JSON lacks is refused where it stays, not where another key takes its place', () => {
  assert.is(parseYamlDocument('a: .inf\n').error?.message, 'json: unsupported value: +Inf');
  assert.is(parseYamlDocument('a: .inf\na: 1\n').error, undefined);
});
errors('the second document of a text is not looked at', () => {
  assert.equal(parseYamlDocument('[]\n---\n{').value, []);
});
errors('ten thousand levels end in a message', () => {
  const { message = '' } = parseYamlDocument('['.repeat(20_000)).error ?? {};
  assert.match(message, 'exceeded max depth');
});
errors('any text is either read or refused, and no place lies outside of it', () => {
  const piece = fc.constantFrom(
    ...'abc:-?#&*!|>\'"%@`[]{},\n\t 01~<.\\'.split(''),
    '\n  ',
    ': ',
    '- ',
    '---\n',
    '<<: *a',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const { error } = parseYamlDocument(text);
      if (error) assert.match(error.message, /^(yaml|json|unsupported)/);
      const { line = 1 } = positionOf(text, ['a', 0]) ?? {};
      assert.ok(line >= 1 && line <= text.split(/[\n\u0085]/).length + 1);
    }),
    { numRuns: 500 },
  );
});
errors.run();
