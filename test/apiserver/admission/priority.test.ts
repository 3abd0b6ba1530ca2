import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { priority } from '../../../src/apiserver/admission/priority.ts';
import { ask, makePod } from './ask.ts';

function makeClass(name: string, value: number, fields: Readonly<Record<string, unknown>> = {}) {
  return {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    preemptionPolicy: 'PreemptLowerPriority',
    ...fields,
  };
}

const high = makeClass('high', 1000, { preemptionPolicy: 'Never' });
const pods = suite('Priority of pods');

for (const { name, spec, state, want } of [
  { name: 'no class at all', spec: {}, state: [], want: [undefined, 0, 'PreemptLowerPriority'] },
  { name: 'a class', spec: { priorityClassName: 'high' }, state: [high], want: ['high', 1000, 'Never'] },
  {
    name: 'the default class',
    spec: {},
    state: [high, makeClass('usual', 5, { globalDefault: true })],
    want: ['usual', 5, 'PreemptLowerPriority'],
  },
  {
    name: 'the lowest of two defaults, with a negative value',
    spec: {},
    state: [makeClass('a', 5, { globalDefault: true }), makeClass('b', -5, { globalDefault: true })],
    want: ['b', -5, 'PreemptLowerPriority'],
  },
  {
    name: 'the computed priority said beforehand',
    spec: { priorityClassName: 'high', priority: 1000, preemptionPolicy: 'Never' },
    state: [high],
    want: ['high', 1000, 'Never'],
  },
])
  pods(name, () => {
    const { object, refused } = ask(priority, { object: makePod(spec), state });
    assert.is(refused, undefined);
    assert.equal([object.spec['priorityClassName'], object.spec['priority'], object.spec['preemptionPolicy']], want);
  });

for (const { name, spec, want } of [
  {
    name: 'a class that is missing',
    spec: { priorityClassName: 'none' },
    want: 'no PriorityClass with name none was found',
  },
  {
    name: 'another priority',
    spec: { priority: 7 },
    want: 'the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
  },
  {
    name: 'another preemption policy',
    spec: { priorityClassName: 'high', preemptionPolicy: 'PreemptLowerPriority' },
    want: 'the string value of PreemptionPolicy (PreemptLowerPriority) must not be provided in pod spec; priority admission controller computed Never from the given PriorityClass name',
  },
])
  pods(`${name} is refused`, () =>
    assert.is(ask(priority, { object: makePod(spec), state: [high] }).refused, `pods "p" is forbidden: ${want}`),
  );

pods('an update without the computed values keeps them', () => {
  const { object } = ask(priority, {
    object: makePod(),
    old: makePod({ priority: 3, preemptionPolicy: 'Never' }),
  });
  assert.equal([object.spec['priority'], object.spec['preemptionPolicy']], [3, 'Never']);
});

pods.run();

const classes = suite('Priority: one default class');
const usual = makeClass('usual', 5, { globalDefault: true });
const SECOND =
  'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist';

for (const { name, question, want } of [
  { name: 'a first one passes', question: { object: usual }, want: undefined },
  {
    name: 'a second one is refused',
    question: { object: makeClass('other', 6, { globalDefault: true }), state: [usual] },
    want: SECOND,
  },
  { name: 'an update of the one passes', question: { object: usual, old: usual, state: [usual] }, want: undefined },
  {
    name: 'an update to a second one is refused',
    question: {
      object: makeClass('other', 6, { globalDefault: true }),
      old: makeClass('other', 6),
      state: [usual, makeClass('other', 6)],
    },
    want: SECOND,
  },
])
  classes(name, () => assert.is(ask(priority, question).refused, want));

classes.run();
