import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSameClass, podClassOf } from '../../../../../src/planner/scheduler/fast/pods/pod-class.ts';
import { PodInfo } from '../../../../../src/planner/scheduler/framework/pod-info.ts';
import type { Pod } from '../../../../../src/schema/generated/types/core-v1.ts';
import { podOf, random, randomTemplate } from '../../random-cluster.ts';

type Spec = Pod['spec'];

/** One thing about a pod is another's. */
const MIXES: readonly ((spec: Spec, other: Spec) => Partial<Spec>)[] = [
  () => ({}),
  (_, { tolerations }) => ({ tolerations: tolerations ?? [] }),
  (_, { containers }) => ({ containers: containers ?? [] }),
  ({ containers = [] }) => ({ containers: containers.map((container) => ({ ...container, image: 'other' })) }),
  ({ containers = [] }) => ({ containers: containers.map((container) => ({ ...container, resources: {} })) }),
  () => ({ nodeSelector: { disk: 'other' } }),
  (_, { affinity }) => (affinity ? { affinity } : {}),
  () => ({ priority: 77 }),
  () => ({ hostNetwork: true, hostUsers: false }),
  ({ containers = [] }) => ({ initContainers: containers }),
  () => ({ overhead: { cpu: '1' } }),
  () => ({ volumes: [{ name: 'v', image: { reference: 'x' } }] }),
];

const classes = suite('pod class');
classes('pods that are plainly of one class have the same texts, and those of a template are', () => {
  let same = 0;
  for (let seed = 0; seed < 400; seed++) {
    const r = random(seed);
    const [template, other] = [randomTemplate(r), randomTemplate(r)];
    const a = new PodInfo(podOf(template, 'a'));
    const b = new PodInfo(podOf(template, 'b'));
    const mixed = { ...template.spec, ...r.pick(MIXES)(template.spec as Spec, other.spec as Spec) };
    const c = new PodInfo(podOf({ metadata: r.chance(0.8) ? template.metadata : other.metadata, spec: mixed }, 'c'));
    for (const [x, y] of [
      [a, b],
      [a, c],
      [c, a],
    ] as const)
      if (isSameClass(x, y)) {
        same += 1;
        assert.is(podClassOf(x).text, podClassOf(y).text, `seed ${seed}`);
      }
  }
  assert.ok(same > 300, `only ${same} pairs were found to be of one class`);
});
classes.run();
