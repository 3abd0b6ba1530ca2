import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StoreEvent } from '../../../../src/apiserver/store/store.ts';
import { originsOf } from '../../../../src/planner/changes/fields/field-origins.ts';

const origins = suite('field origins');

/** One controller writes the first half of many fields, another the second. */
function writes(count: number): readonly StoreEvent[] {
  const fields = (from: number, to: number) =>
    Object.fromEntries(
      Array.from({ length: to - from }, (_, i) => [`f${from + i}`, { 'a.b/c': [{ name: 'x', v: 1 }] }]),
    );
  const first = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, spec: fields(0, count / 2) };
  const second = { ...first, spec: fields(0, count), status: fields(0, count) };
  const event = (object: object, previous: object | undefined, who: string) =>
    ({
      type: 'MODIFIED',
      resource: 'xs',
      revision: 1,
      at: 0,
      object,
      previous,
      cause: { who },
    }) as unknown as StoreEvent;
  return [event(first, undefined, 'one'), event(second, first, 'two')];
}

for (const count of [4, 200])
  origins(`${count} fields: the writer of a path, of the nearest above it, or of the first below it`, () => {
    const { of } = originsOf(writes(count), undefined, [], false);
    const by = (path: string) => of({ path, before: undefined, after: 1 } as never).by;
    assert.equal(
      ['spec', 'status', 'status.f0', `spec.f${count - 1}`, `spec.f${count - 1}.deep.er`, 'spec.f0', 'nothing'].map(by),
      ['one', 'two', 'two', 'two', 'two', 'one', 'two'],
    );
  });
origins.run();
