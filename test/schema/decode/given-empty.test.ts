import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeObject } from '../../../src/schema/decode/decode-object.ts';
import { givenEmpty, withoutGivenEmpty } from '../../../src/schema/decode/given-empty.ts';
import { parseJson } from '../../../src/schema/decode/json-tree.ts';

const given = suite('what was given empty');

function podSpec(text: string): object {
  const parsed = parseJson(`{"apiVersion":"v1","kind":"Pod","spec":${text}}`);
  if (!parsed.ok) throw new Error(parsed.error);
  const decoded = decodeObject('1.36', 'core/v1.Pod', parsed.tree);
  if (!decoded.ok) throw new Error(decoded.error);
  return (decoded.object as { spec: object }).spec;
}

given('empty lists and maps are noted and stay out of the object', () => {
  const spec = podSpec('{"volumes":[],"nodeSelector":{}}');
  assert.not('volumes' in spec);
  assert.equal(givenEmpty(spec, 'volumes'), []);
  assert.equal(givenEmpty(spec, 'nodeSelector'), {});
  assert.is(givenEmpty(spec, 'tolerations'), undefined);
});

given('null is as good as absent', () => {
  assert.is(givenEmpty(podSpec('{"volumes":null}'), 'volumes'), undefined);
});

given('a copy keeps the note, JSON does not show it', () => {
  const copy = { ...podSpec('{"volumes":[]}'), hostNetwork: true };
  assert.equal(givenEmpty(copy, 'volumes'), []);
  assert.not(JSON.stringify(copy).includes('volumes'));
});

given('the note of a field can be dropped from a copy', () => {
  const spec = podSpec('{"volumes":[],"tolerations":[]}');
  const without = withoutGivenEmpty({ ...spec }, ['tolerations']);
  assert.is(givenEmpty(without, 'tolerations'), undefined);
  assert.equal(givenEmpty(without, 'volumes'), []);
  assert.equal(givenEmpty(spec, 'tolerations'), []);
});

given.run();
