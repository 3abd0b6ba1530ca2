import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectSet } from '../../../../src/planner/scheduler/explain/object-set.ts';
import { makeNode, makePod } from '../builders.ts';

const objects = suite('ObjectSet');

const pod = (namespace: string, name: string) => makePod(name).namespace(namespace).build();
const names = (set: ObjectSet, namespace?: string): readonly string[] =>
  set.list('pods', namespace).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

objects('lists in the order in which objects came, whatever their namespaces', () => {
  const set = new ObjectSet([pod('b', 'p'), pod('a', 'q'), makeNode('n').build(), pod('b', 'o')]);
  assert.equal(names(set), ['b/p', 'a/q', 'b/o']);
  assert.equal(names(set, 'b'), ['b/p', 'b/o']);
  assert.equal(names(set, 'c'), []);
});

objects('a newer object takes the place of the older, one that comes back comes last', () => {
  const set = new ObjectSet([pod('b', 'p'), pod('a', 'q'), pod('b', 'o')]);
  assert.equal(names(set), ['b/p', 'a/q', 'b/o']);
  const newer = makePod('p').namespace('b').labels({ new: '' }).build();
  set.set(newer);
  assert.is(set.list('pods')[0], newer);
  set.delete(pod('b', 'p'));
  assert.equal(names(set), ['a/q', 'b/o']);
  assert.is(set.get('pods', 'b', 'p'), undefined);
  set.set(newer);
  assert.equal(names(set), ['a/q', 'b/o', 'b/p']);
  assert.is(set.get('pods', 'b', 'p'), newer);
});

objects('is asked for what has no namespace without one', () => {
  const set = new ObjectSet([makeNode('n').build()]);
  assert.is(set.get('nodes', undefined, 'n')?.metadata.name, 'n');
  assert.is(set.list('nodes').length, 1);
  assert.equal(set.list('services'), []);
});

objects.run();
