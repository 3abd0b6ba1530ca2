// Clusters made at random in which things come together that rarely do: budgets of several namespaces with promised nodes and
// affinity, in-place resizes with sidecars, shared devices, volumes of every mode, profiles with arguments. kube-scheduler's own
// framework, v1.36.3, said what every plugin decides, and which plugins each of some events may have satisfied.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCases } from '../../../../scripts/conformance/cases.ts';
import { loadCel } from '../../../../src/apiserver/cel/loaded.ts';
import { play, type RecordedCase } from './play-case.ts';

await loadCel();
const combinations = suite('combinations that kube-scheduler was asked about');

for (const recorded of readCases<RecordedCase>(join(import.meta.dirname, 'cases.jsonl.gz')))
  combinations(recorded.name, () => {
    const { pods, contradictions } = play(recorded);
    assert.equal(pods, recorded.expect);
    assert.equal(contradictions, []);
  });

combinations.run();
