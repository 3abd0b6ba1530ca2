import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { podGroupName, workloadName } from '../../../../src/planner/controllers/job/gang.ts';

const names = suite('Workloads and PodGroups of Jobs');

names('the name of a Workload ends with a hash of the uid', () =>
  assert.is(workloadName({ metadata: { name: 'x', uid: 'abc-def' } }), 'x-5b8c844655'),
);

// As kube-controller-manager v1.36.3 named them.
for (const [workload, group] of [
  ['j-58884b65cf', 'j-58884b65cf-j-pgt-0-7648bfdfb4'],
  ['j-5d749bb56', 'j-5d749bb56-j-pgt-0-cfb7f9fff'],
] as const)
  names(`the PodGroup of ${workload} is named after it and its template`, () =>
    assert.is(podGroupName(workload, 'j-pgt-0'), group),
  );

names('long names share the room, a short one leaves its part to the other', () => {
  const [long, longer] = ['a'.repeat(200), 'b'.repeat(220)];
  assert.is(podGroupName(long, longer).length, 253);
  assert.ok(podGroupName('short', longer).startsWith(`short-${'b'.repeat(200)}`));
  assert.ok(podGroupName(long, 'short').includes(`${'a'.repeat(200)}-short-`));
});

names.run();
