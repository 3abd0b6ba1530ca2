// -o markdown: fits a comment, says what it cut, and shows no text as markup.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { fit, sizeOf } from '../../src/report/markdown/budget.ts';
import { code, fenced } from '../../src/report/markdown/escape.ts';
import { COMMENT_LIMIT, markdown } from '../../src/report/markdown/markdown.ts';
import { makeBigPlan } from './big-plan.ts';
import { makePlanDocument } from './plan-builder.ts';
import { NEW, OLD, secretChange } from './secret-plan.ts';

const options = { width: 80, color: false, full: false };

const comment = suite('plan as a comment');
comment('a small plan has sums, objects to unfold with tree and fields, services and assumptions', () => {
  assert.is(
    markdown(makePlanDocument(), options),
    `### kubeplan: 1 to create, 1 to update, 0 to replace, 0 to delete; 3 in consequence

With Kubernetes 1.36 this converges after 2 simulated s.

|  | submitted | in consequence |
| --- | --: | --: |
| create | 1 | 3 |
| update | 1 | 0 |

#### Changes

<details>
<summary><code>+ Deployment default/web&#58; 3 created below</code></summary>

Because of <code>web.yaml&#58;1</code>

\`\`\`diff
+ ReplicaSet default/web-1
+   Pod default/web-1-a on node-1
+   Pod default/web-1-b on node-2
\`\`\`

</details>
<details>
<summary><code>&#126; Service default/web&#58; 1 field</code></summary>

Because of <code>web.yaml&#58;20</code>

\`\`\`diff
- spec.ports[port=80].targetPort: 80
+ spec.ports[port=80].targetPort: 8080
\`\`\`

</details>

#### Services

| service | address | goes to |
| --- | --- | --- |
| <code>default/web</code> | 10.96.0.7 80/TCP | 2 ready |

#### Assumed

- Containers start at once.
`,
  );
});
const distinct = (plan: Plan): Plan => ({
  ...plan,
  changes: plan.changes.map((change, index) => ({
    ...change,
    fields: change.fields.map((field) => ({ ...field, after: `${'é'.repeat(100)}${index}` })),
  })),
});
const pending = (count: number): Partial<Plan> => ({
  pending: Array.from({ length: count }, (_, i) => ({
    pod: { namespace: 'x', name: `p-${i}` },
    reason: 'Unschedulable',
    message: `0/${i} nodes are available: ${'|`<@x>#1 '.repeat(40)}`,
  })),
});
for (const [name, plan] of [
  ['2,000 Deployments with different changes', distinct(makeBigPlan(2_000, 1))],
  ['one Deployment of 20,000 pods', makeBigPlan(1, 20_000)],
  ['4,000 pods pending for different reasons', makePlanDocument(pending(4_000))],
  ['all of it', { ...distinct(makeBigPlan(2_000, 3)), ...pending(4_000) }],
  ['very long assumptions', makePlanDocument({ assumptions: ['ü'.repeat(70_000), 'short'] })],
] as const)
  comment(`${name} fit a comment`, () => {
    const text = markdown(plan, options);
    assert.ok(sizeOf(text) <= COMMENT_LIMIT, `${sizeOf(text)}`);
    assert.is(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
    assert.is((text.match(/^```/gm)?.length ?? 0) % 2, 0);
  });
comment('what was cut is counted', () => {
  const text = markdown(distinct(makeBigPlan(2_000, 1)), options);
  const [, withoutDetails, cut] = /_Changes: (\d+) of 2000 without details, (\d+) of 2000 cut/.exec(text) ?? [];
  const shown = text.match(/^(?:- <code>|<details>)/gm)?.length ?? 0;
  assert.is(shown + Number(cut), 2_000);
  assert.ok(Number(withoutDetails) > 0);
});
comment('the same change of many objects is one entry with a count', () => {
  const text = markdown(makeBigPlan(40 * 7, 1), options);
  assert.match(text, '40 × Deployment team-0/web-&#42;');
  assert.is(text.match(/<details>/g)?.length, 7);
});
comment('a pending pod and a refused object are rows with rule, message and place', () => {
  const text = markdown(
    makePlanDocument({
      converged: false,
      diagnostics: [
        {
          severity: 'error',
          code: 'Invalid',
          message: 'a | b\nc @team',
          field: 'spec.x',
          source: { file: 'a.yaml', line: 7 },
          object: { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' },
        },
      ],
      ...pending(1),
    }),
    options,
  );
  assert.match(
    text,
    '| error Invalid | <code>Service default/web</code> | <code>spec.x&#58; a &#124; b c &#64;team</code> | <code>a.yaml&#58;7</code> |\n',
  );
  assert.match(text, '| error Unschedulable | <code>Pod x/p-0</code> |');
  assert.match(text, 'this **does not converge**');
});
comment('secret values are never shown', () => {
  for (const more of [{}, { full: true }, { context: 3 }]) {
    const text = markdown(makePlanDocument({ changes: [secretChange] }), { ...options, ...more });
    for (const value of [OLD, NEW]) assert.not.ok(text.includes(value));
  }
});
comment.run();

const safety = suite('texts in Markdown');
safety('no letter of markup survives in code', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const inside = code(text).slice('<code>'.length, -'</code>'.length);
      assert.not.match(inside.replace(/&#\d+;/g, ''), /[&<>"'\\`*_[\]~|#@\n]/);
    }),
  );
});
safety('a fence is longer than any fence inside', () => {
  assert.equal(fenced('diff', ['+ ```', '- `````']), ['``````diff', '+ ```', '- `````', '``````']);
});
safety('what fits is shown whole, never cut in the middle', () => {
  const parts = [{ long: 'aaaa', short: 'a' }, { long: 'b'.repeat(50), short: 'b' }, { long: 'cc' }];
  assert.equal(fit(parts, 100), { text: `aaaa${'b'.repeat(50)}cc`, shortened: 0, cut: 0 });
  assert.equal(fit(parts, 8), { text: 'aaaabcc', shortened: 1, cut: 0 });
  assert.equal(fit(parts, 3), { text: 'ab', shortened: 2, cut: 1 });
});
safety.run();
