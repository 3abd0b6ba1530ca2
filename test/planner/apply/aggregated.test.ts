import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clusterFile, planOf, problems, runOn, TWO_NODES } from '../plan-of.ts';

const aggregated = suite('kinds behind an APIService');

const SPEC = `${TWO_NODES}
objects:
  - apiVersion: apiregistration.k8s.io/v1
    kind: APIService
    metadata: {name: v1.things.example.com}
    spec: {group: things.example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {name: s, namespace: default}}`;
const THING = 'apiVersion: things.example.com/v1\nkind: Thing\nmetadata: {name: t}\n';

aggregated('are not judged by a plan', async () => {
  const plan = await planOf(THING, SPEC);
  assert.is(plan.summary.refused, 0);
  assert.equal(problems(plan), [
    'NotJudged Thing t: Thing (things.example.com/v1) is served by the server behind APIService v1.things.example.com, which cannot be asked: the object is not judged and left out',
  ]);
});

aggregated('are counted as skipped by validate', async () => {
  const { code, stdout } = await runOn(['validate', '-o', 'json'], THING, clusterFile(SPEC));
  assert.is(code, 0);
  assert.is((JSON.parse(stdout) as { readonly summary: { readonly skipped: number } }).summary.skipped, 1);
});

aggregated('are unknown without it', async () => {
  const plan = await planOf(THING);
  assert.is(plan.summary.refused, 1);
});

aggregated.run();
