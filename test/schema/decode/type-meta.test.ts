import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseJson } from '../../../src/schema/decode/json-tree.ts';
import {
  cannotBeHandled,
  kindNotRegistered,
  strictDecodingError,
  unrecognized,
} from '../../../src/schema/decode/messages.ts';
import { interpretTypeMeta, jsonParseError } from '../../../src/schema/decode/type-meta.ts';

const test = suite('type meta and messages');

function interpret(text: string): string {
  const parsed = parseJson(text);
  if (!parsed.ok) return jsonParseError(parsed.error);
  const meta = interpretTypeMeta(parsed.tree);
  return meta.ok ? `${meta.gvk.group}|${meta.gvk.version}|${meta.gvk.kind}` : meta.error;
}

test('group, version and kind, whatever the case of the two fields', () => {
  const parseError = "couldn't get version/kind; json parse error: ";
  const cases: readonly (readonly [string, string])[] = [
    ['{"apiVersion":"apps/v1","kind":"Deployment"}', 'apps|v1|Deployment'],
    ['{"apiversion":"v1","Kind":"Pod"}', '|v1|Pod'],
    ['{"kind":"A","KIND":"B"}', '||B'],
    ['{"kind":null}', '||'],
    ['null', '||'],
    ['{"apiVersion":"a/b/c"}', 'unexpected GroupVersion string: a/b/c'],
    ['{"apiVersion":5}', `${parseError}json: cannot unmarshal number into Go struct field .apiVersion of type string`],
    [
      '[]',
      `${parseError}json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    ],
    ['', `${parseError}unexpected end of JSON input`],
  ];
  for (const [text, want] of cases) assert.is(interpret(text), want, text);
});

test("the API server's frame around the decoder's words", () => {
  assert.is(
    cannotBeHandled(
      { kind: 'Pod', version: 'v1' },
      'Pod',
      strictDecodingError(['unknown field "x"', 'unknown field "y"']),
    ),
    'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "x", unknown field "y"',
  );
  assert.is(unrecognized('Pod', 'no', ''), 'the object provided is unrecognized (must be of type Pod): no (<empty>)');
  assert.is(unrecognized('Pod', 'no', '[]'), 'the object provided is unrecognized (must be of type Pod): no (5b5d)');
  assert.is(
    unrecognized('Pod', 'no', '{"apiVersion":"v1","kind":"ConfigMap"}'),
    'the object provided is unrecognized (must be of type Pod): no ({"apiVersion":"v1","kind":"Con ...)',
  );
  assert.is(
    kindNotRegistered('Pods', 'v1'),
    'no kind "Pods" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
  );
});

test.run();
