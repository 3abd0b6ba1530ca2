import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  findMatchingUntoleratedTaint,
  matchToleration,
  preventsScheduling,
  type Toleration,
  taintText,
  toleratesTaint,
  tolerationsTolerateTaint,
} from '../../src/selectors/toleration.ts';
import { topologyValue, zoneKey } from '../../src/selectors/topology.ts';

const tolerations = suite('tolerations');
const taint = { key: 'k', value: 'v', effect: 'NoSchedule' };

const cases: { toleration: Toleration; want: boolean }[] = [
  { toleration: { key: 'k', operator: 'Equal', value: 'v', effect: 'NoSchedule' }, want: true },
  { toleration: { key: 'k', value: 'v' }, want: true },
  { toleration: { key: 'k', value: 'w' }, want: false },
  { toleration: { key: 'k' }, want: false },
  { toleration: { key: 'k', operator: 'Exists' }, want: true },
  { toleration: { operator: 'Exists' }, want: true },
  { toleration: { operator: 'Exists', effect: 'NoExecute' }, want: false },
  { toleration: { key: 'x', operator: 'Exists' }, want: false },
  { toleration: { value: 'v' }, want: true },
  { toleration: { key: 'k', operator: 'Like', value: 'v' }, want: false },
];

for (const { toleration, want } of cases) {
  tolerations(`${JSON.stringify(toleration)} ${want ? 'tolerates' : 'does not tolerate'} k=v:NoSchedule`, () => {
    assert.is(toleratesTaint(toleration, taint), want);
  });
}

for (const { operator, limit, value, want } of [
  { operator: 'Lt', limit: '10', value: '9', want: true },
  { operator: 'Lt', limit: '10', value: '10', want: false },
  { operator: 'Gt', limit: '-5', value: '-4', want: true },
  { operator: 'Gt', limit: '05', value: '9', want: false },
  { operator: 'Gt', limit: '5', value: 'x', want: false },
]) {
  tolerations(`${operator} ${limit} with the gate on ${want ? 'tolerates' : 'does not tolerate'} ${value}`, () => {
    const toleration = { key: 'k', operator, value: limit };
    assert.is(toleratesTaint(toleration, { ...taint, value }, { comparisonOperators: true }), want);
    assert.is(toleratesTaint(toleration, { ...taint, value }), false);
  });
}

tolerations('the first untolerated taint among those asked about is found', () => {
  const taints = [
    { key: 'a', effect: 'PreferNoSchedule' },
    { key: 'b', effect: 'NoSchedule' },
    { key: 'c', effect: 'NoExecute' },
  ];
  const find = (list: Toleration[]) => findMatchingUntoleratedTaint(taints, list, preventsScheduling)?.key;
  assert.is(find([]), 'b');
  assert.is(find([{ key: 'b', operator: 'Exists' }]), 'c');
  assert.is(find([{ operator: 'Exists' }]), undefined);
  assert.is(findMatchingUntoleratedTaint(taints, undefined)?.key, 'a');
  assert.is(findMatchingUntoleratedTaint(undefined, []), undefined);
  assert.is(tolerationsTolerateTaint(undefined, taint), false);
});

tolerations('taints and tolerations are known by their parts', () => {
  assert.ok(matchToleration({ key: 'k' }, { key: 'k', operator: '', tolerationSeconds: 5 }));
  assert.not.ok(matchToleration({ key: 'k' }, { key: 'k', value: 'v' }));
  assert.equal(
    [taint, { key: 'k', effect: 'NoSchedule' }, { key: 'k', value: 'v', effect: '' }, { key: 'k', effect: '' }].map(
      taintText,
    ),
    ['k=v:NoSchedule', 'k:NoSchedule', 'k=v:', 'k'],
  );
});

tolerations('many tolerations: as if each were looked at', () => {
  const word = fc.constantFrom('', 'a', 'b', 'c', '1', '20');
  const toleration = fc.record({
    key: fc.option(word, { nil: undefined }),
    operator: fc.constantFrom(undefined, 'Equal', 'Exists', 'Lt', 'Gt', 'Like'),
    value: fc.option(word, { nil: undefined }),
    effect: fc.constantFrom(undefined, 'NoSchedule', 'NoExecute', 'PreferNoSchedule'),
  });
  const taint = fc.record({ key: word, value: word, effect: fc.constantFrom('NoSchedule', 'NoExecute') });
  fc.assert(
    fc.property(fc.array(toleration, { maxLength: 40 }), taint, fc.boolean(), (list, one, comparisonOperators) => {
      const given = list as readonly Toleration[];
      const plain = given.some((each) => toleratesTaint(each, one, { comparisonOperators }));
      assert.is(tolerationsTolerateTaint(given, one, { comparisonOperators }), plain);
    }),
  );
});

tolerations.run();

const topology = suite('topology');
const zone = 'topology.kubernetes.io/zone';

topology('a domain is a key and its value', () => {
  assert.is(topologyValue({ [zone]: 'a' }, zone), 'a');
  assert.is(topologyValue(undefined, zone), undefined);
  assert.is(topologyValue({}, 'toString'), undefined);
});

topology('the zone key joins region and zone, old labels first', () => {
  assert.is(zoneKey({}), '');
  assert.is(zoneKey({ [zone]: 'a' }), ':\0:a');
  assert.is(zoneKey({ [zone]: 'a', 'topology.kubernetes.io/region': 'r' }), 'r:\0:a');
  assert.is(zoneKey({ [zone]: 'a', 'failure-domain.beta.kubernetes.io/zone': 'b' }), ':\0:b');
});

topology.run();
