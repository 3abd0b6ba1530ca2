import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mergeTolerations } from '../../../src/apiserver/admission/runtime-class/merge-tolerations.ts';
import { runtimeClass } from '../../../src/apiserver/admission/runtime-class/runtime-class.ts';
import { ask, makePod } from './ask.ts';

const sandbox = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'sandbox' },
  handler: 'h',
  overhead: { podFixed: { cpu: '100m' } },
  scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [{ key: 'sandbox', operator: 'Exists' }] },
};
const plain = { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'plain' }, handler: 'h' };
const state = [sandbox, plain];
const pods = suite('RuntimeClass');

pods('overhead, selector and tolerations come from the class', () => {
  const object = makePod({ runtimeClassName: 'sandbox', nodeSelector: { disk: 'ssd' } });
  const { spec } = ask(runtimeClass, { object, state }).object;
  assert.equal(spec['overhead'], { cpu: '100m' });
  assert.equal(spec['nodeSelector'], { disk: 'ssd', sandbox: 'yes' });
  assert.equal(spec['tolerations'], [{ key: 'sandbox', operator: 'Exists' }]);
});

for (const { name, spec, want } of [
  { name: 'no class', spec: {} },
  { name: 'a class that adds nothing', spec: { runtimeClassName: 'plain' } },
  { name: 'the same overhead in other words', spec: { runtimeClassName: 'sandbox', overhead: { cpu: '0.1' } } },
  {
    name: 'a class that is missing',
    spec: { runtimeClassName: 'none' },
    want: 'pod rejected: RuntimeClass "none" not found',
  },
  {
    name: 'another overhead',
    spec: { runtimeClassName: 'sandbox', overhead: { cpu: '1' } },
    want: "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
  },
  {
    name: 'overhead of its own',
    spec: { overhead: { cpu: '1' } },
    want: 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
  },
  {
    name: 'overhead that the class lacks',
    spec: { runtimeClassName: 'plain', overhead: { cpu: '1' } },
    want: 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
  },
  {
    name: 'a contradicting selector',
    spec: { runtimeClassName: 'sandbox', nodeSelector: { sandbox: 'no' } },
    want: 'conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no',
  },
])
  pods(`${name} ${want ? 'is refused' : 'passes'}`, () =>
    assert.is(ask(runtimeClass, { object: makePod(spec), state }).refused, want && `pods "p" is forbidden: ${want}`),
  );

for (const { name, want } of [
  { name: '', want: 'resource name may not be empty' },
  { name: 'a/b', want: `invalid resource name "a/b": [may not contain '/']` },
])
  pods(`the name "${name}" cannot be asked for`, () => {
    const { refused, code } = ask(runtimeClass, { object: makePod({ runtimeClassName: name }), state });
    assert.is(code, 500);
    assert.is(refused, want);
  });

pods.run();

const merging = suite('merged tolerations');
const exists = { key: 'k', operator: 'Exists' };
const equal = { key: 'k', operator: 'Equal', value: 'v', effect: 'NoSchedule' };
const all = { operator: 'Exists' };
const seconds = (tolerationSeconds: number) => ({
  key: 'k',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});

for (const { name, first, second, want } of [
  { name: 'equal ones are one', first: [exists], second: [exists], want: [exists] },
  { name: 'a wider one of the second list stays alone', first: [equal], second: [exists], want: [exists] },
  { name: 'a wider one of the first list stays alone', first: [all], second: [equal, exists], want: [all] },
  { name: 'the longer time stays', first: [seconds(5)], second: [seconds(60)], want: [seconds(60)] },
  { name: 'different ones stay both', first: [equal], second: [seconds(5)], want: [equal, seconds(5)] },
])
  merging(name, () => assert.equal(mergeTolerations(first, second), want));

merging.run();
