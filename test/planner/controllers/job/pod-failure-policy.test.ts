import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIndexes } from '../../../../src/planner/controllers/job/indexes.ts';
import { matchPodFailurePolicy } from '../../../../src/planner/controllers/job/pod-failure-policy.ts';
import { matchSuccessPolicy } from '../../../../src/planner/controllers/job/success-policy.ts';
import type { PodFailurePolicyRule } from '../../../../src/schema/generated/types/batch-v1.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';

function failedPod(exitCode: number, condition?: string): Pod {
  const state = { terminated: { exitCode } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns' },
    spec: {},
    status: {
      phase: 'Failed',
      containerStatuses: [{ name: 'c', state, lastState: {}, ready: false, restartCount: 0, image: '', imageID: '' }],
      conditions: condition ? [{ type: condition, status: 'True' }] : [],
    },
  };
}

const onCodes = (action: string, operator: string, ...values: number[]): PodFailurePolicyRule => ({
  action,
  onExitCodes: { operator, values },
});

const failures = suite('pod failure policy');
for (const { name, rules, pod, expected } of [
  { name: 'no rule: counted', rules: [], pod: failedPod(1), expected: { isCounted: true } },
  {
    name: 'Ignore is not counted',
    rules: [onCodes('Ignore', 'In', 1)],
    pod: failedPod(1),
    expected: { isCounted: false },
  },
  {
    name: 'the first rule that matches decides',
    rules: [onCodes('Count', 'In', 2), onCodes('Ignore', 'NotIn', 3)],
    pod: failedPod(1),
    expected: { isCounted: false },
  },
  {
    name: 'exit code 0 matches nothing',
    rules: [onCodes('Ignore', 'NotIn', 3)],
    pod: failedPod(0),
    expected: { isCounted: true },
  },
  {
    name: 'FailJob says which container and rule',
    rules: [onCodes('Count', 'In', 2), onCodes('FailJob', 'In', 42)],
    pod: failedPod(42),
    expected: {
      isCounted: true,
      jobFailure: 'Container c for pod ns/p failed with exit code 42 matching FailJob rule at index 1',
    },
  },
  {
    name: 'FailJob by condition',
    rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
    pod: failedPod(1, 'DisruptionTarget'),
    expected: {
      isCounted: true,
      jobFailure: 'Pod ns/p has condition DisruptionTarget matching FailJob rule at index 0',
    },
  },
  {
    name: 'FailIndex',
    rules: [onCodes('FailIndex', 'In', 1)],
    pod: failedPod(1),
    expected: { isCounted: true, failsIndex: true },
  },
]) {
  failures(name, () => assert.equal(matchPodFailurePolicy({ rules }, pod), expected));
}
failures.run();

const successes = suite('success policy');
for (const { name, rules, expected } of [
  { name: 'enough successes', rules: [{ succeededCount: 3 }], expected: 'Matched rules at index 0' },
  { name: 'too few successes', rules: [{ succeededCount: 5 }], expected: undefined },
  {
    name: 'all of the indexes',
    rules: [{ succeededIndexes: '9' }, { succeededIndexes: '0-1' }],
    expected: 'Matched rules at index 1',
  },
  {
    name: 'enough of the indexes',
    rules: [{ succeededIndexes: '0-9', succeededCount: 4 }],
    expected: 'Matched rules at index 0',
  },
  { name: 'indexes that the Job has not', rules: [{ succeededIndexes: '20' }], expected: undefined },
]) {
  successes(name, () => assert.is(matchSuccessPolicy({ rules }, 10, parseIndexes('0-2,5', 10)), expected));
}
successes.run();
