import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFilter } from '../../src/report/ink/filter.ts';
import { paneLines } from '../../src/report/ink/panes.ts';
import { webhookLines } from '../../src/report/webhooks.ts';
import { makePlanDocument } from './plan-builder.ts';

const webhooks = suite('webhook calls in outputs');

const plan = makePlanDocument({
  webhooks: [
    {
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-*' },
      operation: 'CREATE',
      type: 'mutating',
      configuration: 'mesh',
      webhook: 'inject.example.com',
      failurePolicy: 'Fail',
      outcome: 'assumed',
      count: 3,
    },
  ],
});
const LINE = '3 × create Pod shop/web-*: inject.example.com (mutating, mesh, Fail) assumed to allow';

webhooks('a call is one line with its count', () => {
  assert.equal(webhookLines(plan, false), [LINE]);
});

webhooks('the terminal view lists it among the problems', () => {
  const lines = paneLines('problems', { plan, filter: parseFilter(''), folded: new Set() }, '');
  assert.ok(lines.some(({ pieces }) => pieces.map(({ text }) => text).join('') === `webhook ${LINE}`));
});

webhooks.run();
