import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { internalStruct } from '../../../../src/apiserver/core/pod-spec/internal-value.ts';

const internal = suite('internal values of pod specs');

internal("the metadata of a claim's template stands before its spec, in Go's order", () => {
  const metadata = { labels: { x: 'y' }, creationTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a/b'] };
  const { Spec: _, ...rest } = internalStruct('PersistentVolumeClaimTemplate', { metadata, spec: {} });
  assert.equal(Object.entries(rest), [
    ['creationTimestamp', '2026-01-01T00:00:00Z'],
    ['labels', new Map([['x', 'y']])],
    ['finalizers', ['a/b']],
  ]);
});

internal.run();
