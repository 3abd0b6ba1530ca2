// When a pod may be evicted, and what its disruption budget pays.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import type { PodDisruptionBudget } from '../../../../src/schema/generated/types/policy-v1.ts';
import { accepted, causesOf, type Json, PodServer, podDraft, storedOnly } from './pod-server.ts';

const BUDGETS = 'poddisruptionbudgets.policy';
const budgetResource = storedOnly('policy', 'PodDisruptionBudget', 'poddisruptionbudgets');
const EVICTION = { apiVersion: 'policy/v1', kind: 'Eviction' };
const WOULD_VIOLATE = "Cannot evict pod as it would violate the pod's disruption budget.";

interface Situation {
  readonly phase?: string;
  readonly ready?: boolean;
  readonly spec?: Json;
  readonly status?: Json;
  readonly second?: boolean;
}

/** A pod on a node under a budget. */
function cluster({
  phase = 'Running',
  ready = true,
  spec = {},
  status = {},
  second = false,
}: Situation = {}): PodServer {
  const server = new PodServer({}, [budgetResource]);
  const pod = accepted(server.create(podDraft({ nodeName: 'n1' }, { labels: { app: 'web' } })));
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  accepted(server.update({ ...pod, status: { ...pod.status, phase, conditions } } as Pod, 'status'));
  for (const name of second ? ['first', 'second'] : ['first']) {
    const healthy = { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 };
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
      status: { ...healthy, observedGeneration: 1, ...status },
    } as unknown as KubeObject;
    // Written as the disruption controller leaves it.
    server.world.store.create(BUDGETS, budget, { cause: { who: 'test' }, at: 0 });
  }
  return server;
}

const budgetOf = (server: PodServer) => server.get<PodDisruptionBudget>('first', BUDGETS);
const isDeleted = (server: PodServer) => server.get('web').metadata.deletionTimestamp !== undefined;

const eviction = suite('pods/eviction');

eviction('an eviction that the budget allows is charged, and says why the pod ends', () => {
  const server = cluster();
  assert.is(server.post('eviction', 'web', EVICTION).code, 201);
  assert.ok(isDeleted(server));
  assert.equal(server.get('web').status.conditions?.at(-1), {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
  const { disruptionsAllowed, disruptedPods, conditions } = budgetOf(server).status;
  assert.equal([disruptionsAllowed, disruptedPods], [0, { web: '2026-01-01T00:00:00Z' }]);
  assert.equal(
    conditions?.map(({ type, status, reason }) => [type, status, reason]),
    [['DisruptionAllowed', 'False', 'InsufficientPods']],
  );
});

for (const { name, situation, refusal } of [
  {
    name: 'a budget that is used up refuses',
    situation: { status: { disruptionsAllowed: 0, currentHealthy: 2 } },
    refusal: 'The disruption budget first needs 2 healthy pods and has 2 currently',
  },
  {
    name: 'a budget that failed to sync says so',
    situation: {
      status: {
        disruptionsAllowed: 0,
        conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: 'no scale' }],
      },
    },
    refusal: 'The disruption budget first does not allow evicting pods currently because it failed sync: no scale',
  },
  {
    name: 'a pod that is not ready counts when too few are healthy',
    situation: { ready: false, status: { disruptionsAllowed: 0, currentHealthy: 1 } },
    refusal: 'The disruption budget first needs 2 healthy pods and has 1 currently',
  },
] as readonly { name: string; situation: Situation; refusal: string }[]) {
  eviction(name, () => {
    const server = cluster(situation);
    const answer = server.post('eviction', 'web', EVICTION);
    assert.is(answer.code, 429);
    assert.is(answer.ok ? '' : answer.status.message, WOULD_VIOLATE);
    assert.equal(causesOf(answer), [`: ${refusal}`]);
    assert.not.ok(isDeleted(server));
  });
}

for (const { name, situation } of [
  { name: 'a pod that is not ready may go when the others suffice', situation: { ready: false } },
  {
    name: 'a pod that is not ready may always go where the budget says so',
    situation: { ready: false, spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' }, status: { currentHealthy: 0 } },
  },
  { name: 'a pod that has ended is no disruption', situation: { phase: 'Succeeded' } },
  { name: 'a pod that has not begun is no disruption', situation: { phase: 'Pending' } },
] as readonly { name: string; situation: Situation }[]) {
  eviction(`${name}, and costs nothing`, () => {
    const server = cluster({ ...situation, status: { disruptionsAllowed: 0, ...situation.status } });
    assert.is(server.post('eviction', 'web', EVICTION).code, 201);
    assert.is(budgetOf(server).status.disruptedPods, undefined);
  });
}

eviction('two budgets over one pod are not supported', () => {
  const answer = cluster({ second: true }).post('eviction', 'web', EVICTION);
  assert.equal(causesOf(answer), [
    'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
  ]);
});

eviction("the grace period of an eviction is the deletion's", () => {
  const server = cluster();
  server.post('eviction', 'web', { ...EVICTION, deleteOptions: { gracePeriodSeconds: 3 } });
  assert.is(server.get('web').metadata.deletionGracePeriodSeconds, 3);
});

eviction.run();
