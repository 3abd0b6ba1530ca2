// A large plan document: Deployments with their ReplicaSets and Pods, placed, with events; for folding, limits and speed.
import type { Plan, PlanChange, PlanEvent } from '../../src/planner/changes/plan.ts';
import { makePlanDocument } from './plan-builder.ts';

type Ref = PlanChange['object'];

/** Two changes for each Deployment and one for each pod. */
export function makeBigPlan(deployments: number, podsEach: number, nodes = 100): Plan {
  const changes: PlanChange[] = [];
  const placements: Plan['placements'][number][] = [];
  const events: PlanEvent[] = [];
  for (let d = 0; d < deployments; d++) {
    const namespace = `team-${d % 7}`;
    const name = `web-${d}`;
    const web: Ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
    const set: Ref = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, name: `${name}-1` };
    const chain = [`Deployment ${namespace}/${name}`, `deploy/${name}.yaml:1`];
    const image = (tag: string) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: { replicas: podsEach, template: { spec: { containers: [{ name: 'web', image: `web:${tag}` }] } } },
    });
    changes.push(
      {
        action: 'update',
        origin: 'submitted',
        object: web,
        before: image('1'),
        after: image('2'),
        fields: [
          {
            path: 'spec.template.spec.containers[name=web].image',
            before: 'web:1',
            after: 'web:2',
            from: 'file',
          },
        ],
        because: chain.slice(1),
      },
      {
        action: 'create',
        origin: 'derived',
        object: set,
        before: null,
        after: { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: set.name, namespace } },
        fields: [],
        because: chain,
        owner: web,
      },
    );
    for (let p = 0; p < podsEach; p++) {
      const pod = { namespace, name: `${set.name}-${p}` };
      changes.push({
        action: 'create',
        origin: 'derived',
        object: { apiVersion: 'v1', kind: 'Pod', ...pod },
        before: null,
        after: { apiVersion: 'v1', kind: 'Pod', metadata: pod },
        fields: [],
        because: [`ReplicaSet ${namespace}/${set.name}`, ...chain],
        owner: set,
      });
      placements.push({ pod, node: `node-${(d * podsEach + p) % nodes}` });
      events.push({
        at: d,
        type: 'Normal',
        reason: 'Scheduled',
        object: { apiVersion: 'v1', kind: 'Pod', ...pod },
        message: `Successfully assigned ${namespace}/${pod.name}`,
        count: 1,
      });
    }
  }
  return makePlanDocument({
    changes,
    placements,
    events,
    services: [],
    simulatedSeconds: deployments,
    summary: {
      create: 0,
      update: deployments,
      replace: 0,
      delete: 0,
      derived: deployments * (podsEach + 1),
      pending: 0,
      refused: 0,
    },
  });
}
