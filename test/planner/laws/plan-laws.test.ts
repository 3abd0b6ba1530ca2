// Laws that hold for every cluster and every manifest: a plan carried out leaves nothing to plan.
// RUNS=1000 SEED=7 npm test -- plan-laws   looks further.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Manifest } from '../../../src/manifests/manifest.ts';
import { makePlan } from '../../../src/planner/make-plan.ts';
import { loadParts } from '../../../src/planner/parts.ts';
import { storedObjects } from '../../../src/planner/plan-document.ts';
import type { PlanInput } from '../../../src/planner/plan-input.ts';
import { dumped, fixtureInput, inFiles, type Planned, planOf } from './plan-of.ts';
import { situation, type Value } from './random-manifests.ts';

const parts = await loadParts();
/** A counterexample is found again by its seed; to make it small takes minutes. */
const settings = { seed: Number(process.env['SEED'] ?? 1), endOnFailure: true };
const runs = Number(process.env['RUNS'] ?? 200);

const laws = suite('laws of a plan');
laws('applying what was planned and planning again shows no change, on random clusters', () => {
  fc.assert(
    fc.property(situation, ({ nodes, before, after }) => {
      const manifests = inFiles(after);
      showsNothingAgain(planOf(clusterOf(nodes, before), manifests, parts), manifests);
    }),
    { ...settings, numRuns: runs },
  );
});
for (const theme of readdirSync('fixtures').filter((name) => name !== 'conformance' && !name.includes('.')))
  for (const name of readdirSync(join('fixtures', theme))) {
    const folder = join('fixtures', theme, name);
    laws(`applying what was planned and planning again shows no change, in ${theme}/${name}`, async () => {
      const cluster = join(folder, existsSync(join(folder, 'cluster')) ? 'cluster' : 'cluster.yaml');
      const input = await fixtureInput(join(folder, 'manifests'), cluster);
      showsNothingAgain(makePlan({ ...input, parts }), input.manifests, input.kubernetes);
    });
  }
laws.run();

function clusterOf(nodes: readonly Value[], before: readonly Value[]): Manifest[] {
  return dumped(planOf(inFiles(nodes), inFiles(before), parts).world);
}

/** What the API server refused, or what was evicted while the rest went on, may find its place the next time: it is not tried again. */
function showsNothingAgain(first: Planned, manifests: readonly Manifest[], kubernetes?: PlanInput['kubernetes']): void {
  const again = planOf(dumped(first.world), lasting(first, manifests), parts, kubernetes).plan;
  const left = again.changes
    .filter(({ action }) => action !== 'no-op')
    .map(({ action, object, fields }) => ({ action, object, fields }));
  assert.equal(left, []);
  assert.is(again.hasChanges, false);
  assert.equal(again.pending, first.plan.pending);
}

function lasting({ plan, world }: Planned, manifests: readonly Manifest[]): Manifest[] {
  const refused = new Set(
    plan.diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ object }) => `${object?.kind} ${object?.name}`),
  );
  return storedObjects(world, { manifests, defaultNamespace: 'default' })
    .map(({ manifest }) => manifest)
    .filter(({ kind, name }) => !refused.has(`${kind} ${name}`));
}
