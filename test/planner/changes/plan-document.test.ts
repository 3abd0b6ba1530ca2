// What the plan document tells besides the changes themselves, each on the fixture that is about it.
import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../../src/planner/changes/plan.ts';
import { makePlan } from '../../../src/planner/make-plan.ts';
import { loadParts } from '../../../src/planner/parts.ts';
import { fixtureInput } from '../laws/plan-of.ts';

const parts = await loadParts();

async function planned(folder: string, replace = false): Promise<Plan> {
  const cluster = existsSync(`fixtures/${folder}/cluster`) ? 'cluster' : 'cluster.yaml';
  const input = await fixtureInput(`fixtures/${folder}/manifests`, `fixtures/${folder}/${cluster}`);
  return makePlan({ ...input, parts, replace }).plan;
}

function submitted({ changes }: Plan) {
  const [first] = changes;
  assert.is(first?.origin, 'submitted');
  return first!;
}

const document = suite('plan document');
document('a rolling update is told wave by wave, with the fewest ready pods', async () => {
  const [rollout, ...others] = (await planned('rollout/waves')).rollouts;
  assert.equal(others, []);
  assert.equal(
    rollout?.steps.map(({ old, new: fresh }) => [old, fresh]),
    [
      [4, 0],
      [4, 1],
      [3, 1],
      [3, 2],
      [2, 2],
      [2, 3],
      [1, 3],
      [1, 4],
      [0, 4],
    ],
  );
  assert.equal(
    [rollout?.wanted, rollout?.readyAtLeast, rollout?.unavailableAtMost, rollout?.complete],
    [4, 3, 1, true],
  );
});
document('a rollout whose pods never become ready names the pod it stalls on', async () => {
  const { rollouts, converged } = await planned('rollout/stalled');
  assert.is(converged, false);
  assert.is(rollouts[0]?.complete, false);
  assert.match(rollouts[0]?.stalledOn ?? '', /^Pod default\/web-\S+ does not become ready$/);
});
document('a scale down is no rollout of a template', async () => {
  assert.equal((await planned('rollout/scale-down')).rollouts, []);
});
document('a changed field names the line of its file, or the controller', async () => {
  const fields = new Map(submitted(await planned('rollout/waves')).fields.map((field) => [field.path, field]));
  const image = fields.get('spec.template.spec.containers[name=web].image');
  assert.equal([image?.from, image?.source?.line], ['file', 18]);
  const revision = fields.get('metadata.annotations[deployment.kubernetes.io/revision]');
  assert.equal([revision?.from, revision?.by], ['controller', 'deployment-controller']);
});
document('a created object tells file, default and admission plugin apart', async () => {
  const fields = new Map(submitted(await planned('limits/preemption')).fields.map((field) => [field.path, field]));
  const origin = (path: string) => [fields.get(path)?.from, fields.get(path)?.by];
  assert.equal(origin('spec.containers[name=checkout].image'), ['file', undefined]);
  assert.equal(origin('spec.restartPolicy'), ['default', undefined]);
  assert.equal(origin('spec.priority'), ['admission', 'Priority']);
  assert.equal(origin('spec.nodeName'), ['controller', 'default-scheduler']);
});
document('what somebody changed by hand stands beside what was applied and what is wanted', async () => {
  assert.equal(submitted(await planned('changes/drift')).drift, [
    { path: 'spec.replicas', lastApplied: 2, live: 4, desired: 2, by: 'kubectl-scale' },
    {
      path: 'spec.template.spec.containers[name=web].image',
      lastApplied: 'shop/web:1',
      live: 'shop/web:hotfix',
      desired: 'shop/web:2',
      by: 'kubectl-edit',
    },
  ]);
});
document('a preempted pod names the pod that takes its place', async () => {
  const { evictions } = await planned('limits/preemption');
  assert.equal(
    evictions.map(({ reason, node, preemptor }) => [reason, node, preemptor?.name]),
    [['PreemptionByScheduler', 'node-1', 'checkout']],
  );
});
document('a quota tells what is used of it before and after', async () => {
  const { quotas, nodes, namespaces } = await planned('limits/quota');
  assert.equal(quotas[0]?.usage[0], {
    resource: 'pods',
    before: '0',
    after: '3',
    limit: '3',
    percentBefore: 0,
    percentAfter: 100,
  });
  assert.is(nodes[0]?.usage.find(({ resource }) => resource === 'cpu')?.after, '400m');
  assert.is(namespaces[0]?.usage.find(({ resource }) => resource === 'cpu')?.after, '600m');
});
document('usage before is usage after without what the plan brings', async () => {
  const { nodes } = await planned('rollout/scale-down');
  const sum = (when: 'before' | 'after') =>
    nodes.reduce((pods, { usage }) => pods + Number(usage.find(({ resource }) => resource === 'pods')?.[when]), 0);
  assert.equal([sum('before'), sum('after')], [5, 2]);
});
document('an immutable change is refused with the way out', async () => {
  const { summary, diagnostics, hasChanges } = await planned('changes/immutable');
  assert.equal([summary.refused, hasChanges], [1, false]);
  assert.match(diagnostics[0]?.message ?? '', /field is immutable/);
  assert.match(diagnostics[0]?.nextStep ?? '', /--replace/);
});
document('an immutable change is a replace with --replace, and says what it costs', async () => {
  const plan = await planned('changes/immutable', true);
  const { action, replacement } = submitted(plan);
  assert.is(action, 'replace');
  assert.equal(plan.summary.replace, 1);
  assert.equal([replacement?.podsDeleted, replacement?.readyBefore, replacement?.readyAtLeast], [2, 2, 0]);
  assert.match(replacement?.because[0] ?? '', /^spec\.selector: .*field is immutable$/);
});
document('pods come into their states in order of time', async () => {
  const { timeline, placements } = await planned('guestbook/create');
  const states = timeline.filter(({ pod }) => pod.name === placements[0]?.pod.name).map(({ state }) => state);
  assert.equal(states, ['waiting', 'starting', 'ready']);
  assert.ok(timeline.every(({ at }, index) => index === 0 || at >= timeline[index - 1]!.at));
});
document('the same inputs have the same digests, others have others', async () => {
  const digests = async (folder: string) => (await planned(folder)).inputs;
  assert.equal(await digests('rollout/waves'), await digests('rollout/waves'));
  const [waves, stalled] = [await digests('rollout/waves'), await digests('rollout/stalled')];
  assert.is(waves.cluster.digest, stalled.cluster.digest);
  assert.is.not(waves.manifests.digest, stalled.manifests.digest);
});
document.run();
