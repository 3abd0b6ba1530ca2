import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Manifest, parseManifests } from '../../../src/manifests/manifest.ts';
import { differences } from '../../../src/planner/changes/fields/field-changes.ts';
import type { Plan } from '../../../src/planner/changes/plan.ts';
import { loadParts } from '../../../src/planner/parts.ts';
import { dumped, inFiles, type Planned, planOf } from './plan-of.ts';
import { situation, type Value } from './random-manifests.ts';

const parts = await loadParts();
/** A counterexample is found again by its seed; to make it small takes minutes. */
const settings = { seed: Number(process.env['SEED'] ?? 1), endOnFailure: true };
const runs = Number(process.env['RUNS'] ?? 200);

const laws = suite('laws of the input of a plan');
laws('the order of the files and how objects are spread over them change nothing', () => {
  const input = situation.chain((drawn) =>
    fc.tuple(fc.constant(drawn), fc.shuffledSubarray([...drawn.after], { minLength: drawn.after.length })),
  );
  fc.assert(
    fc.property(input, ([{ nodes, before, after }, shuffled]) => {
      const cluster = clusterOf(nodes, before);
      const plan = withoutPlaces(planOf(cluster, inFiles(after), parts).plan);
      const same = (other: Planned) => assert.equal(differences(plan, withoutPlaces(other.plan)), []);
      same(planOf(cluster, inFiles(shuffled), parts));
      same(planOf([...cluster].reverse(), inOneFile(shuffled), parts));
    }),
    { ...settings, numRuns: runs },
  );
});
laws('the same input gives the same bytes', () => {
  fc.assert(
    fc.property(situation, ({ nodes, before, after }) => {
      const bytes = () => JSON.stringify(planOf(clusterOf(nodes, before), inFiles(after), parts).plan);
      assert.is(bytes(), bytes());
    }),
    { ...settings, numRuns: Math.ceil(runs / 2) },
  );
});
laws.run();

function clusterOf(nodes: readonly Value[], before: readonly Value[]): Manifest[] {
  return dumped(planOf(inFiles(nodes), inFiles(before), parts).world);
}

function inOneFile(values: readonly Value[]): readonly Manifest[] {
  return parseManifests('all.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: values })).manifests;
}

/** The plan without the lines of files. */
function withoutPlaces(plan: Plan): unknown {
  return JSON.parse(JSON.stringify(plan), (key, value) => {
    if (key === 'source' || key === 'related' || key === 'inputs') return undefined;
    if (key === 'because') return (value as string[]).filter((cause) => !/\.json/.test(cause));
    return value;
  });
}
