import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeObject } from '../../src/schema/decode/decode-object.ts';
import { encodeObject } from '../../src/schema/encode.ts';

const test = suite('encode');

test('null stands where Go has nil and does not omit it', () => {
  const cases: readonly (readonly [string, object, object])[] = [
    ['rbac/v1.Role', {}, { metadata: {}, rules: null }],
    ['rbac/v1.Role', { rules: [] }, { metadata: {}, rules: [] }],
    [
      'core/v1.PodCondition',
      { type: 'Ready', status: 'True' },
      { type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: null },
    ],
    ['discovery/v1.EndpointSlice', {}, { metadata: {}, addressType: '', endpoints: null, ports: null }],
    ['core/v1.TypedLocalObjectReference', { kind: 'A', name: 'b' }, { apiGroup: null, kind: 'A', name: 'b' }],
  ];
  for (const [typeId, input, want] of cases) {
    const decoded = decodeObject('1.36', typeId, { value: input });
    assert.ok(decoded.ok);
    assert.is(JSON.stringify(encodeObject('1.36', typeId, decoded.object)), JSON.stringify(want));
  }
});

test('creationTimestamp is absent when zero', () => {
  assert.equal(encodeObject('1.36', 'meta/v1.ObjectMeta', { name: 'a' }), { name: 'a' });
});

test.run();
