// What kube-controller-manager v1.36.3 wrote into the status of policies; the first line is a definition that some of them match.
// The numbers at the end of the names of types, there nanoseconds, are 0.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import type { ValidatingAdmissionPolicy } from '../../../../src/schema/generated/types/admissionregistration-v1.ts';
import { play } from '../../scheduler/pod-groups/play.ts';

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const [definition = '', ...lines] = readFileSync(fileURLToPath(new URL('./recordings.jsonl', import.meta.url)), 'utf8')
  .trim()
  .split('\n');
const cases = lines.map((line) => JSON.parse(line) as { readonly policy: KubeObject; readonly want: unknown });

const recordings = suite('types in the expressions of policies');
const { store } = play({
  gates: {},
  steps: [{ create: [JSON.parse(definition) as KubeObject] }, { create: cases.map(({ policy }) => policy) }],
});
for (const { policy, want } of cases)
  recordings(`${policy.metadata.name}: the warnings of the controller`, () => {
    const found = store.get(POLICIES, undefined, policy.metadata.name ?? '') as ValidatingAdmissionPolicy | undefined;
    assert.equal(found?.status, want);
  });
recordings.run();
