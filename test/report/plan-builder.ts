// A small plan document for the tests of outputs.
import type { Plan, PlanChange } from '../../src/planner/changes/plan.ts';

type Ref = PlanChange['object'];

const ref = (apiVersion: string, kind: string, name: string): Ref => ({ apiVersion, kind, namespace: 'default', name });
const web = ref('apps/v1', 'Deployment', 'web');
const set = ref('apps/v1', 'ReplicaSet', 'web-1');

function created(object: Ref, origin: PlanChange['origin'], because: readonly string[], owner?: Ref): PlanChange {
  const after = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name: object.name, namespace: 'default' },
  };
  return { action: 'create', origin, object, before: null, after, fields: [], because, ...(owner ? { owner } : {}) };
}

/** A Deployment of two pods and a Service whose target port changes. */
export function makePlanDocument(changes: Partial<Plan> = {}): Plan {
  return {
    apiVersion: 'kubeplan.dev/v1',
    kind: 'Plan',
    formatVersion: '1.1',
    kubernetesVersion: '1.36',
    hasChanges: true,
    converged: true,
    summary: { create: 1, update: 1, replace: 0, delete: 0, derived: 3, pending: 0, refused: 0 },
    changes: [
      created(web, 'submitted', ['web.yaml:1']),
      {
        action: 'update',
        origin: 'submitted',
        object: ref('v1', 'Service', 'web'),
        before: { spec: { ports: [{ port: 80, targetPort: 80 }] } },
        after: { spec: { ports: [{ port: 80, targetPort: 8080 }] } },
        fields: [{ path: 'spec.ports[port=80].targetPort', before: 80, after: 8080, from: 'file' }],
        because: ['web.yaml:20'],
      },
      created(
        ref('v1', 'Pod', 'web-1-a'),
        'derived',
        ['ReplicaSet default/web-1', 'Deployment default/web', 'web.yaml:1'],
        set,
      ),
      created(
        ref('v1', 'Pod', 'web-1-b'),
        'derived',
        ['ReplicaSet default/web-1', 'Deployment default/web', 'web.yaml:1'],
        set,
      ),
      created(set, 'derived', ['Deployment default/web', 'web.yaml:1'], web),
    ],
    placements: [
      { pod: { namespace: 'default', name: 'web-1-a' }, node: 'node-1' },
      { pod: { namespace: 'default', name: 'web-1-b' }, node: 'node-2' },
    ],
    pending: [],
    evictions: [],
    rollouts: [],
    nodes: [],
    namespaces: [],
    quotas: [],
    services: [
      {
        service: { namespace: 'default', name: 'web' },
        clusterIP: '10.96.0.7',
        ports: ['80/TCP'],
        ready: ['web-1-a', 'web-1-b'],
        notReady: [],
      },
    ],
    events: [],
    timeline: [],
    diagnostics: [],
    assumptions: ['Containers start at once.'],
    inputs: {
      manifests: { objects: 2, digest: `sha256:${'0'.repeat(64)}` },
      cluster: { objects: 3, digest: `sha256:${'1'.repeat(64)}` },
    },
    simulatedSeconds: 2,
    ...changes,
  };
}
