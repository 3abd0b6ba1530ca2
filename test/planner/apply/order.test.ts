// The order in which objects are applied is the same whatever order they are given in.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inApplyOrder, type Orderable } from '../../../src/planner/apply/order.ts';

const order = suite('the order of application');

const namesOf = (items: readonly Orderable[]) =>
  items.map(({ apiVersion, kind, namespace = '', name }) => `${kind} ${apiVersion} ${namespace}/${name}`);

order('what others need comes first, then kinds, API versions, namespaces and names', () => {
  const given: readonly Orderable[] = [
    { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', namespace: 'a', name: 'x' },
    { apiVersion: 'v1', kind: 'Pod', namespace: 'b', name: 'a' },
    { apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: 'b' },
    { apiVersion: 'v1', kind: 'Pod', name: 'z' },
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'a', name: 'x' },
    { apiVersion: 'example.com/v2', kind: 'Deployment', namespace: 'a', name: 'a' },
    { apiVersion: 'v1', kind: 'Namespace', name: 'b' },
    { apiVersion: 'v1', kind: 'Node', name: 'n' },
    { apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: 'a' },
  ];
  assert.equal(namesOf(inApplyOrder(given)), [
    'Namespace v1 /b',
    'Node v1 /n',
    'Deployment apps/v1 a/x',
    'Deployment example.com/v2 a/a',
    'Pod v1 /z',
    'Pod v1 a/a',
    'Pod v1 a/b',
    'Pod v1 b/a',
    'HorizontalPodAutoscaler autoscaling/v2 a/x',
  ]);
});

const few = (...texts: string[]) => fc.constantFrom(...texts);
const item = fc.record({
  apiVersion: few('v1', 'apps/v1', 'example.com/v1'),
  kind: few('Pod', 'Node', 'Deployment', 'Ingress', 'Foo'),
  namespace: few('', 'a', 'b', 'a-b'),
  name: few('a', 'b', 'ab', 'a-b', 'A'),
});

order('any arrangement of the same objects gives the same order, and leaves the given one alone', () => {
  fc.assert(
    fc.property(fc.array(item), fc.integer(), (items, seed) => {
      const given = [...items];
      const other = [...items].sort((a, b) => ((a.name.length * seed) ^ b.kind.length) % 3);
      assert.equal(namesOf(inApplyOrder(items)), namesOf(inApplyOrder(other)));
      assert.equal(items, given);
      const sorted = inApplyOrder(items);
      assert.equal(inApplyOrder(sorted), sorted);
    }),
  );
});

order.run();
