// The text of a plan: what it shows, folds and hides.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlanChange } from '../../src/planner/changes/plan.ts';
import { text } from '../../src/report/text/text.ts';
import { makeBigPlan } from './big-plan.ts';
import { makePlanDocument } from './plan-builder.ts';
import { NEW, OLD, secretChange } from './secret-plan.ts';

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
      # (1 unchanged)

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
plain('the same change of many objects is one line with a count, its fields once, and what follows from all', () => {
  const big = makeBigPlan(7 * 40, 3);
  const shown = text(big, options).split('\n');
  const from = shown.indexOf('Submitted');
  assert.equal(shown.slice(from + 1, from + 4), [
    '  ~ 40 × Deployment team-0/web-*  # web-0, web-7, web-14, web-21, … 36 more',
    '      ~ spec.template.spec.containers[name=web].image: "web:1" -> "web:2"',
    '      # (6 unchanged)',
  ]);
  assert.match(shown[from + 4]!, /^ {6}\+ 40 × ReplicaSet team-0\/web-\*$/);
  assert.match(shown[from + 5]!, /^ {10}\+ 120 × Pod team-0\/web-\* \(3 on node-0, /);
  assert.match(shown[from + 5]!, /, … \d+ more\)/);
});
plain('a pod that finds no node says so in the tree', () => {
  const pending = [{ pod: { namespace: 'default', name: 'web-1-b' }, reason: 'Unschedulable', message: 'no room' }];
  const plan = makePlanDocument({ pending, placements: makePlanDocument().placements.slice(0, 1) });
  assert.match(text(plan, options), '+ Pod default/web-1-b pending  #');
});
plain('objects that change differently stay apart', () => {
  const big = makeBigPlan(7, 0);
  const changes = big.changes.map((change, index) => ({
    ...change,
    object: { ...change.object, namespace: 'one' },
    fields: change.fields.map((field) => ({ ...field, after: `web:${index}` })),
  }));
  assert.is(text({ ...big, changes }, options).match(/~ Deployment one\/web-\d/g)?.length, 7);
});
plain('--context shows the lines around a change instead of its fields', () => {
  const shown = text(makePlanDocument(), { ...options, context: 1 });
  assert.match(shown, /\n {6}- {4}targetPort: 80\n {6}\+ {4}targetPort: 8080\n/);
  assert.not.match(shown, 'spec.ports[port=80]');
});
plain('of a long chain of causes the ends are shown and the middle is counted', () => {
  const base = makePlanDocument();
  const because = ['a', 'b', 'c', 'd', 'e', 'f', 'x.yaml:1'].map((name) => `Kind default/${name}`);
  const plan = makePlanDocument({ changes: [{ ...base.changes[0]!, because }] });
  assert.match(
    text(plan, options),
    '# Kind default/a < Kind default/b < Kind default/c < … 3 more … < Kind default/x.yaml:1',
  );
  assert.match(text(plan, { ...options, full: true }), because.join(' < '));
});
plain("kubectl's memory of the manifest is not shown as a change", () => {
  const shown = text(
    makePlanDocument({ changes: [{ ...secretChange, object: { ...secretChange.object, kind: 'ConfigMap' } }] }),
    options,
  );
  assert.not.match(shown, 'last-applied');
});
plain('a Secret does not leak through the applied manifest in its annotations', () => {
  for (const more of [{}, { full: true }, { context: 2 }]) {
    const shown = text(makePlanDocument({ changes: [secretChange] }), { ...options, ...more });
    for (const value of [OLD, NEW]) assert.not.ok(shown.includes(value));
  }
});
plain('colour appears only when asked for', () => {
  assert.not.match(text(makePlanDocument(), options), /\u001b/);
  assert.match(text(makePlanDocument(), { ...options, color: true }), /\u001b\[32m\+/);
});
plain.run();
