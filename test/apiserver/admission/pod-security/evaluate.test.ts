import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { detailsText, reasonsText, violations } from '../../../../src/apiserver/admission/pod-security/evaluate.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';

interface Sample {
  readonly pod: Pod;
  /** What the library of Kubernetes v1.36.3 said, from a minor version on; written by scripts/pod-security/record.ts. */
  readonly answers: readonly {
    readonly level: 'baseline' | 'restricted';
    readonly since: number;
    readonly detail: string;
    readonly reason: string;
  }[];
}

const NEWEST = 36;
const samples = gunzipSync(readFileSync('fixtures/conformance/pod-security/answers.jsonl.gz'))
  .toString('utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample);

const recorded = suite('pod security checks against recorded answers');

for (const level of ['baseline', 'restricted'] as const)
  recorded(`${level} says the same as upstream of every sample in every version`, () => {
    for (const { pod, answers } of samples)
      for (let minor = 0; minor <= NEWEST; minor++) {
        const want = answers.filter((answer) => answer.level === level && answer.since <= minor).at(-1)!;
        const found = violations({ level, version: minor }, pod.spec, pod.metadata, NEWEST);
        const where = `${level} v1.${minor} of ${JSON.stringify(pod.spec)}`;
        assert.is(detailsText(found), want.detail, where);
        assert.is(reasonsText(found), want.reason, where);
      }
  });

recorded('privileged says nothing', () => {
  for (const { pod } of samples)
    assert.is(violations({ level: 'privileged', version: 'latest' }, pod.spec, pod.metadata, NEWEST).length, 0);
});

recorded('latest and versions to come are the newest there is', () => {
  for (const { pod } of samples.slice(0, 50))
    for (const version of ['latest', 99] as const)
      assert.equal(
        violations({ level: 'restricted', version }, pod.spec, pod.metadata, NEWEST),
        violations({ level: 'restricted', version: NEWEST }, pod.spec, pod.metadata, NEWEST),
      );
});

recorded('an older Kubernetes knows no later rules', () => {
  const pod = { hostUsers: false, containers: [] };
  const broken = (newest: number) =>
    violations({ level: 'restricted', version: 'latest' }, { ...pod, securityContext: { runAsUser: 0 } }, {}, newest);
  assert.is(broken(36).length, 0);
  assert.is(reasonsText(broken(34)), 'runAsUser=0');
});

recorded.run();
