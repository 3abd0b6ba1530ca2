import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PriorityLevelConfiguration } from '../../../../src/schema/generated/types/flowcontrol-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const levels = suite('PriorityLevelConfiguration');

function level(spec: Json): Document {
  const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
  return { apiVersion, kind: 'PriorityLevelConfiguration', metadata: { name: 'p' }, spec };
}

function limited(limitResponse: Json, fields: Json = {}): Json {
  return { type: 'Limited', limited: { limitResponse, ...fields } };
}

levels('shares, queues and hands are dealt by default', () => {
  const { object } = new TestServer().create(level(limited({ type: 'Queue', queuing: {} })));
  assert.equal((object as unknown as PriorityLevelConfiguration).spec.limited, {
    nominalConcurrencyShares: 30,
    lendablePercent: 0,
    limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
  });
});

for (const { name, spec, causes } of [
  {
    name: 'a level without limits has none',
    spec: { ...limited({ type: 'Reject' }), type: 'Exempt' },
    causes: [
      /^spec\.type: Invalid value: "Exempt": must be 'Exempt' if and only if `name` is 'exempt'$/,
      /^spec\.limited: Forbidden: must be nil if the type is not Limited$/,
    ],
  },
  {
    name: 'who rejects has no queues',
    spec: limited({ type: 'Reject', queuing: {} }),
    causes: [
      /^spec\.limited\.limitResponse\.queuing: Forbidden: must be nil if limited\.limitResponse\.type is not Limited$/,
    ],
  },
  {
    name: 'a hand is no larger than the queues',
    spec: limited({ type: 'Queue', queuing: { queues: 4, handSize: 8 } }),
    causes: [
      /^spec\.limited\.limitResponse\.queuing\.handSize: Invalid value: 8: should not be greater than queues \(4\)$/,
    ],
  },
  {
    name: 'no more is lent than there is',
    spec: limited({ type: 'Reject' }, { lendablePercent: 101 }),
    causes: [/^spec\.limited\.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive$/],
  },
]) {
  levels(name, () => {
    const actual = new TestServer().create(level(spec)).causes;
    assert.is(actual.length, causes.length, actual.join('\n'));
    causes.forEach((cause, i) => {
      assert.match(actual[i]!, cause);
    });
  });
}

levels.run();
