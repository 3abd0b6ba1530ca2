import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LimitRange } from '../../../../src/schema/generated/types/core-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const ranges = suite('LimitRange');

function range(...limits: readonly Json[]): Document {
  return { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l' }, spec: { limits } };
}

ranges('defaults of containers come from the bounds', () => {
  const item = { type: 'Container', max: { cpu: '2' }, min: { cpu: '100m', memory: '1Mi' } };
  const { spec } = new TestServer().create(range(item)).object as unknown as LimitRange;
  assert.equal(spec.limits?.[0]?.default, { cpu: '2' });
  assert.equal(spec.limits?.[0]?.defaultRequest, { cpu: '2', memory: '1Mi' });
});

for (const { name, items, causes } of [
  {
    name: 'a minimum is below its maximum',
    items: [{ type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } }],
    causes: ['spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1'],
  },
  {
    name: 'pods have no defaults',
    items: [{ type: 'Pod', default: { cpu: '1' } }],
    causes: ["spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"],
  },
  {
    name: 'a type occurs once',
    items: [
      { type: 'Pod', max: { cpu: '1' } },
      { type: 'Pod', max: { cpu: '1' } },
    ],
    causes: ['spec.limits[1].type: Duplicate value: "Pod"'],
  },
  {
    name: 'a ratio lies between 1 and what the bounds allow',
    items: [{ type: 'Pod', min: { cpu: '1' }, max: { cpu: '3' }, maxLimitRequestRatio: { cpu: '4', memory: '500m' } }],
    causes: [
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "4": ratio 4 is greater than max/min = 3.000000',
      'spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: "500m": ratio 500m is less than 1',
    ],
  },
  {
    name: 'claims are bounded in storage',
    items: [{ type: 'PersistentVolumeClaim', max: { 'example.com/x': '1' } }],
    causes: [
      'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
    ],
  },
]) {
  ranges(name, () => assert.equal(new TestServer().create(range(...items)).causes, causes));
}

ranges.run();
