// The text of a plan: what it shows, folds and hides.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlanChange } from '../../src/planner/changes/plan.ts';
import { text } from '../../src/report/text/text.ts';
import { makePlanDocument } from './plan-builder.ts';

const options = { width: 80, color: false, full: false };

const plain = suite('text of a plan');
plain('a small plan reads from what was asked to what follows', () => {
  assert.is(
    text(makePlanDocument(), options),
    `Kubernetes 1.36 would do this (simulated):
  + create
  ~ update in place

Submitted
  + Deployment default/web  # web.yaml:1
      + ReplicaSet default/web-1  # Deployment default/web
          + Pod default/web-1-a on node-1  # ReplicaSet default/web-1
          + Pod default/web-1-b on node-2  # ReplicaSet default/web-1
  ~ Service default/web  # web.yaml:20
      ~ spec.ports[port=80].targetPort: 80 -> 8080

Services
  default/web  10.96.0.7 80/TCP -> web-1-a, web-1-b

Assumed
  Containers start at once.

Plan: 1 to create, 1 to update, 0 to replace, 0 to delete; 3 in consequence.
Converged: yes, after 2 simulated seconds.
`,
  );
});
plain('many pods alike are one line with a count and their nodes, unless all is asked for', () => {
  const base = makePlanDocument();
  const pod = base.changes.find(({ object }) => object.kind === 'Pod')!;
  const pods: PlanChange[] = Array.from({ length: 8 }, (_, i) => ({
    ...pod,
    object: { ...pod.object, name: `web-1-${i}` },
  }));
  const plan = makePlanDocument({
    changes: [...base.changes.filter(({ object }) => object.kind !== 'Pod'), ...pods],
    placements: pods.map(({ object }, i) => ({
      pod: { namespace: 'default', name: object.name },
      node: `node-${i % 3}`,
    })),
  });
  assert.match(text(plan, options), '+ 8 × Pod default/web-1-* (3 on node-0, 3 on node-1, 2 on node-2)');
  assert.is(text(plan, { ...options, full: true }).match(/\+ Pod /g)?.length, 8);
});
plain('secret values are never printed, their change is', () => {
  const object = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 's' };
  const change: PlanChange = {
    action: 'update',
    origin: 'submitted',
    object,
    before: {},
    after: {},
    because: [],
    fields: [{ path: 'data.password', before: 'b2xk', after: 'bmV3', from: 'file' }],
  };
  const shown = text(makePlanDocument({ changes: [change], placements: [], services: [] }), { ...options, full: true });
  assert.match(shown, '~ data.password: (sensitive value) -> (sensitive value)');
  assert.not.match(shown, /b2xk|bmV3/);
});
plain('no changes are said to be none', () => {
  const shown = text(
    makePlanDocument({ changes: [], hasChanges: false, services: [], placements: [], assumptions: [] }),
    options,
  );
  assert.match(shown, /^Plan: no changes\. The cluster already is as the manifests say\.$/m);
});
plain('colour appears only when asked for', () => {
  assert.not.match(text(makePlanDocument(), options), /\u001b/);
  assert.match(text(makePlanDocument(), { ...options, color: true }), /\u001b\[32m\+/);
});
plain.run();
