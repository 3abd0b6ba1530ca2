// The store against a naive model, and its contract case by case.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { keyOf, Store } from '../../../src/apiserver/store/store.ts';
import { indexesOf } from '../../../src/apiserver/store-indexes.ts';

const context = { cause: { who: 'test' }, at: 0 };

function pod(namespace: string, name: string, labels: Record<string, string> = {}, owner?: string): KubeObject {
  const ownerReferences = owner ? [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: owner }] : [];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels, ownerReferences } };
}

const contract = suite('store contract');

contract('every write raises the revision by one and stamps it on the object', () => {
  const store = new Store();
  const created = store.create('pods', pod('a', 'x'), context);
  assert.ok(created.ok);
  assert.is(created.object.metadata.resourceVersion, String(store.revision));
  const revision = store.revision;
  store.update('pods', pod('a', 'x', { l: '1' }), undefined, context);
  assert.is(store.revision, revision + 1);
});

contract('a second create of a key writes nothing', () => {
  const store = new Store();
  store.create('pods', pod('a', 'x'), context);
  const { revision } = store;
  assert.equal(store.create('pods', pod('a', 'x'), context).ok, false);
  assert.is(store.revision, revision);
});

contract('an update from an old version conflicts and writes nothing', () => {
  const store = new Store();
  const first = store.create('pods', pod('a', 'x'), context);
  assert.ok(first.ok);
  const version = first.object.metadata.resourceVersion;
  assert.ok(store.update('pods', pod('a', 'x', { n: '1' }), version, context).ok);
  const late = store.update('pods', pod('a', 'x', { n: '2' }), version, context);
  assert.equal([late.ok, late.ok ? '' : late.error], [false, 'conflict']);
  assert.is(store.get('pods', 'a', 'x')?.metadata.labels?.['n'], '1');
});

contract('events after a compacted revision are expired, later ones are not', () => {
  const store = new Store();
  for (const name of ['a', 'b', 'c']) store.create('pods', pod('n', name), context);
  store.compact(3);
  assert.is(store.events(2), 'expired');
  const rest = store.events(3);
  assert.ok(rest !== 'expired');
  assert.equal(
    rest.map(({ object }) => object.metadata.name),
    ['c'],
  );
  assert.is(store.list('pods').length, 3);
});

contract('a namespace whose name begins another name is not mixed with it', () => {
  const store = new Store();
  for (const namespace of ['a', 'a-b', 'ab', 'a.b']) store.create('pods', pod(namespace, 'x'), context);
  assert.equal(store.list('pods', 'a').map(keyOf), ['a/x']);
});

contract('the list of an earlier revision is what it was then', () => {
  const store = new Store();
  store.create('pods', pod('n', 'a'), context);
  store.create('pods', pod('n', 'b'), context);
  const then = store.revision;
  store.delete('pods', 'n', 'a', undefined, context);
  store.update('pods', pod('n', 'b', { new: 'yes' }), undefined, context);
  const list = store.listAt('pods', then);
  assert.ok(list !== 'expired');
  assert.equal(
    list.map(({ metadata }) => [metadata.name, metadata.labels]),
    [
      ['a', {}],
      ['b', {}],
    ],
  );
});
contract.run();

// The model keeps every version of a plain Map.
class Model {
  objects = new Map<string, KubeObject>();
  copy(): Model {
    const copy = new Model();
    copy.objects = new Map(this.objects);
    return copy;
  }
}

type Write = {
  readonly store: number;
  readonly verb: 'create' | 'update' | 'delete' | 'fork';
  readonly key: number;
  readonly label: number;
};

const writes = fc.array(
  fc.record<Write>({
    store: fc.nat(3),
    verb: fc.constantFrom('create', 'update', 'delete', 'fork'),
    key: fc.nat(11),
    label: fc.nat(2),
  }),
  { maxLength: 60 },
);

const laws = suite('store laws');
laws('forks, lists and indexes agree with plain maps', () => {
  fc.assert(
    fc.property(writes, (sequence) => {
      const first = new Store();
      for (const index of indexesOf('pods')) first.addIndex(index);
      const pairs: { store: Store; model: Model }[] = [{ store: first, model: new Model() }];
      for (const { store: at, verb, key, label } of sequence) {
        const { store, model } = pairs[at % pairs.length]!;
        const object = pod(`ns${key % 3}`, `p${key}`, { l: String(label) }, `uid${label}`);
        const id = keyOf(object);
        const { namespace, name = '' } = object.metadata;
        if (verb === 'fork') pairs.push({ store: store.fork(), model: model.copy() });
        else if (verb === 'create') {
          assert.is(store.create('pods', object, context).ok, !model.objects.has(id));
          if (!model.objects.has(id)) model.objects.set(id, object);
        } else if (verb === 'update') {
          assert.is(store.update('pods', object, undefined, context).ok, model.objects.has(id));
          if (model.objects.has(id)) model.objects.set(id, object);
        } else {
          assert.is(store.delete('pods', namespace, name, undefined, context).ok, model.objects.has(id));
          model.objects.delete(id);
        }
      }
      for (const { store, model } of pairs) {
        const keys = [...model.objects.keys()].sort();
        assert.equal(store.list('pods').map(keyOf), keys);
        for (const value of ['0', '1', '2']) {
          const labelled = keys.filter((id) => model.objects.get(id)?.metadata.labels?.['l'] === value);
          assert.equal(store.listByLabel('pods', 'l', value).map(keyOf), labelled);
          assert.equal(
            store.listByLabel('pods', 'l', value, 'ns1').map(keyOf),
            labelled.filter((id) => id.startsWith('ns1/')),
          );
          assert.equal(store.listByIndex('pods', 'owner', `uid${value}`).map(keyOf), labelled);
        }
      }
    }),
    { numRuns: 200 },
  );
});
laws.run();
