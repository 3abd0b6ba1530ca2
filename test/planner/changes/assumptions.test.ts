// What a plan says of the things it did not ask.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import type { ClusterReader } from '../../../src/apiserver/cluster-reader.ts';
import { assumptionsOf } from '../../../src/planner/changes/assumptions.ts';

function reading(resource: string, ...names: readonly string[]): ClusterReader {
  const list = (asked: string) =>
    asked === resource ? names.map((name) => ({ metadata: { name } }) as KubeObject) : [];
  return { list } as unknown as ClusterReader;
}

const assumptions = suite('assumptions');

for (const { resource, says } of [
  {
    resource: 'mutatingwebhookconfigurations',
    says: 'Mutating webhooks are not called, they would need the network: a, b.',
  },
  {
    resource: 'validatingwebhookconfigurations',
    says: 'Validating webhooks are not called, they would need the network: a, b.',
  },
  {
    resource: 'mutatingadmissionpolicybindings',
    says: 'Mutating admission policies are not evaluated, objects stay as they are: a, b.',
  },
  {
    resource: 'validatingadmissionpolicybindings',
    says: 'Validating admission policies are not evaluated, everything passes them: a, b.',
  },
])
  assumptions(`${resource} are named`, () => {
    assert.equal(assumptionsOf(reading(`${resource}.admissionregistration.k8s.io`, 'a', 'b'), []), [says]);
  });

assumptions('a cluster without pods and admission needs none', () => {
  assert.equal(assumptionsOf(reading('configmaps', 'a'), ['said before']), ['said before']);
});

assumptions.run();
