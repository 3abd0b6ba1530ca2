// What the cache counts over all nodes follows nodes that come, change and go.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClusterCache } from '../../../../src/planner/scheduler/cache/cluster-cache.ts';
import type { Node } from '../../../../src/schema/generated/types/core-v1.ts';
import { makeNode } from '../builders.ts';

const images = suite('images in the cache');

/** A node that holds images, each with its names. */
function holding(name: string, ...images: readonly (readonly string[])[]): Node {
  return makeNode(name)
    .status({ images: images.map((names, i) => ({ names, sizeBytes: 100 + i })) })
    .build();
}

/** How many nodes hold each image, as a node with all of them is told. */
function counts(cache: ClusterCache, node: string): Record<string, number> {
  const states = cache.get(node)?.imageStates ?? new Map();
  return Object.fromEntries([...states].map(([name, { nodes }]) => [name, nodes]));
}

images('a node counts once for an image, however often it names it', () => {
  const cache = new ClusterCache();
  cache.setNode(holding('a', ['x', 'x:1'], ['x']));
  cache.setNode(holding('b', ['x']));
  assert.equal(counts(cache, 'a'), { x: 2, 'x:1': 1 });
});

images('a node that changes or goes takes its images along', () => {
  const cache = new ClusterCache();
  cache.setNode(holding('a', ['x'], ['y']));
  cache.setNode(holding('b', ['x', 'x']));
  cache.setNode(holding('b', ['y']));
  assert.equal(counts(cache, 'a'), { x: 1, y: 2 });
  cache.removeNode('b');
  assert.equal(counts(cache, 'a'), { x: 1, y: 1 });
  cache.setNode(holding('b', ['x']));
  assert.equal(counts(cache, 'a'), { x: 2, y: 1 });
});

images('an image that no node holds any more is forgotten with its size', () => {
  const cache = new ClusterCache();
  cache.setNode(holding('a', ['z'], ['x']));
  assert.is(cache.get('a')?.imageStates.get('x')?.size, 101);
  cache.setNode(holding('a'));
  cache.setNode(holding('b', ['x']));
  assert.is(cache.get('b')?.imageStates.get('x')?.size, 100);
});

images.run();
