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

/** The model keeps every version of a plain Map. */
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
  readonly verb: 'create' | 'update' | 'delete' | 'fork' | 'list';
  readonly key: number;
  readonly label: number;
};

/** Names that sort otherwise than the keys they begin. */
const NAMESPACES = ['ns', 'ns-1', 'ns.2'];

function writesOf(keys: number, maxLength: number): fc.Arbitrary<Write[]> {
  return fc.array(
    fc.record<Write>({
      store: fc.nat(3),
      verb: fc.constantFrom('create', 'create', 'update', 'delete', 'delete', 'fork', 'list'),
      key: fc.nat(keys - 1),
      label: fc.nat(2),
    }),
    { maxLength },
  );
}

interface Pair {
  readonly store: Store;
  readonly model: Model;
}

function pairsAfter(sequence: readonly Write[]): readonly Pair[] {
  const first = new Store();
  for (const index of indexesOf('pods')) first.addIndex(index);
  const pairs: Pair[] = [{ store: first, model: new Model() }];
  for (const { store: at, verb, key, label } of sequence) {
    const pair = pairs[at % pairs.length]!;
    const { store, model } = pair;
    const object = pod(NAMESPACES[key % 3]!, `p${key}`, { l: String(label) }, `uid${label}`);
    const id = keyOf(object);
    const { namespace, name = '' } = object.metadata;
    if (verb === 'list') agree(pair);
    else if (verb === 'fork') {
      if (pairs.length < 8) pairs.push({ store: store.fork(), model: model.copy() });
    } else if (verb === 'create') {
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
  return pairs;
}

function agree({ store, model }: Pair): void {
  const keys = [...model.objects.keys()].sort();
  assert.is(store.count('pods'), keys.length);
  assert.equal(store.list('pods').map(keyOf), keys);
  for (const namespace of NAMESPACES)
    assert.equal(
      store.list('pods', namespace).map(keyOf),
      keys.filter((id) => id.startsWith(`${namespace}/`)),
    );
  for (const value of ['0', '1', '2']) {
    const labelled = keys.filter((id) => model.objects.get(id)?.metadata.labels?.['l'] === value);
    assert.equal(store.listByLabel('pods', 'l', value).map(keyOf), labelled);
    assert.equal(
      store.listByLabel('pods', 'l', value, 'ns-1').map(keyOf),
      labelled.filter((id) => id.startsWith('ns-1/')),
    );
    assert.equal(store.listByIndex('pods', 'owner', `uid${value}`).map(keyOf), labelled);
  }
}

const restoring = suite('what a store begins with');
restoring('is no event, and events begin after it', () => {
  const store = new Store();
  assert.ok(store.restore('pods', pod('n', 'a'), context));
  assert.not.ok(store.restore('pods', pod('n', 'a'), context));
  assert.ok(store.restore('pods', pod('n', 'b'), context));
  assert.equal(store.list('pods').map(keyOf), ['n/a', 'n/b']);
  const { revision } = store;
  assert.is(store.compactedRevision, revision);
  assert.equal(store.events(revision), []);
  assert.is(store.events(revision - 1), 'expired');
  store.delete('pods', 'n', 'a', undefined, context);
  assert.equal(listed(store.listAt('pods', revision)), ['n/a', 'n/b']);
});
restoring('after a write it is one as well', () => {
  const store = new Store();
  store.create('pods', pod('n', 'a'), context);
  const { revision } = store;
  store.restore('pods', pod('n', 'b'), context);
  const events = store.events(revision);
  assert.equal(events === 'expired' ? events : events.map(({ object }) => keyOf(object)), ['n/b']);
  assert.equal(listed(store.listAt('pods', revision)), ['n/a']);
});
restoring('in a fork of a written store it is one, in a fork of a new one it is none', () => {
  const written = new Store();
  written.create('pods', pod('n', 'a'), context);
  for (const [store, expected] of [
    [written.fork(), 1],
    [new Store().fork(), 0],
  ] as const) {
    store.restore('pods', pod('n', 'b'), context);
    assert.is(store.events(store.revision - 1) === 'expired' ? 0 : 1, expected);
  }
});
restoring.run();

function listed(objects: readonly KubeObject[] | 'expired'): readonly string[] {
  return objects === 'expired' ? [objects] : objects.map(keyOf);
}

const laws = suite('store laws');
for (const { what, keys, length, numRuns } of [
  { what: 'few objects', keys: 12, length: 60, numRuns: 200 },
  { what: 'many objects', keys: 200, length: 600, numRuns: 10 },
])
  laws(`forks, lists and indexes of ${what} agree with plain maps`, () => {
    fc.assert(
      fc.property(writesOf(keys, length), (sequence) => {
        for (const pair of pairsAfter(sequence)) agree(pair);
      }),
      { numRuns },
    );
  });

laws('an index names an object once, also when two owners are one', () => {
  const store = new Store();
  for (const index of indexesOf('pods')) store.addIndex(index);
  const twice = pod('n', 'a', {}, 'u');
  const { ownerReferences = [] } = twice.metadata;
  const object = {
    ...twice,
    metadata: { ...twice.metadata, ownerReferences: [...ownerReferences, ...ownerReferences] },
  };
  store.create('pods', object, context);
  assert.equal(store.listByIndex('pods', 'owner', 'u').map(keyOf), ['n/a']);
  store.update('pods', pod('n', 'a', {}, 'v'), undefined, context);
  assert.equal(store.listByIndex('pods', 'owner', 'u'), []);
});
laws.run();
