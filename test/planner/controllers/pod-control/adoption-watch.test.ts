import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject, OwnerReference } from '../../../../src/apimachinery/object.ts';
import { clusterReader } from '../../../../src/apiserver/cluster-reader.ts';
import { Store, type StoreEvent } from '../../../../src/apiserver/store/store.ts';
import { indexesOf } from '../../../../src/apiserver/store-indexes.ts';
import { AdoptionWatch } from '../../../../src/planner/controllers/pod-control/adoption-watch.ts';
import { compileLabelSelector, type LabelSelector } from '../../../../src/selectors/label-selector.ts';

type Owner = KubeObject & { readonly selector: LabelSelector };

/** A store whose events go to an AdoptionWatch of ReplicaSets and pods. */
function watched() {
  const store = new Store();
  for (const resource of ['replicasets.apps', 'pods']) for (const index of indexesOf(resource)) store.addIndex(index);
  const reader = clusterReader(store);
  const watch = new AdoptionWatch<Owner, KubeObject>({
    ownerResource: 'replicasets.apps',
    ownerKind: 'ReplicaSet',
    ownedResource: 'pods',
    selectorOf: ({ selector }) => compileLabelSelector(selector),
  });
  const write = { cause: { who: 'test' }, at: 0 };
  const keysOfLast = (): readonly string[] => {
    const event = store.event(store.revision) as StoreEvent;
    return (event.resource === 'pods' ? watch.owned : watch.owners).keys(event, reader);
  };
  return {
    watch,
    reader,
    create(resource: string, object: KubeObject) {
      store.create(resource, object, write);
      return keysOfLast();
    },
    update(resource: string, object: KubeObject) {
      store.update(resource, object, undefined, write);
      return keysOfLast();
    },
  };
}

const owner = (name: string, selector: LabelSelector): Owner => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name, namespace: 'ns', uid: name },
  selector,
});
const pod = (
  name: string,
  labels: Readonly<Record<string, string>>,
  controller?: string,
): KubeObject & { readonly spec: object } => {
  const reference: OwnerReference = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: controller ?? '',
    uid: controller ?? '',
    controller: true,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    spec: {},
    metadata: { name, namespace: 'ns', labels, ...(controller ? { ownerReferences: [reference] } : {}) },
  };
};
const names = (objects: readonly KubeObject[]): readonly (string | undefined)[] =>
  objects.map(({ metadata }) => metadata.name);

const adoption = suite('adoption watch');

adoption('a new owner looks for orphans once', () => {
  const { create, watch, reader } = watched();
  const web = owner('web', { matchLabels: { app: 'web' } });
  create('pods', pod('a', { app: 'web' }));
  create('pods', pod('b', { app: 'web' }, 'web'));
  create('pods', pod('c', { app: 'web' }, 'other'));
  assert.equal(create('replicasets.apps', web), ['ns/web']);
  assert.equal(names(watch.candidates(web, reader)), ['a', 'b']);
  watch.settled('ns/web');
  assert.equal(names(watch.candidates(web, reader)), ['b']);
});

adoption('a new orphan wakes whoever it matches, by labels or expressions', () => {
  const { create, watch, reader } = watched();
  const web = owner('web', { matchLabels: { app: 'web' } });
  const any = owner('any', { matchExpressions: [{ key: 'app', operator: 'Exists' }] });
  for (const each of [web, any, owner('db', { matchLabels: { app: 'db' } })]) {
    create('replicasets.apps', each);
    watch.settled(`ns/${each.metadata.name}`);
  }
  assert.equal([...create('pods', pod('a', { app: 'web' }))].sort(), ['ns/any', 'ns/web']);
  assert.equal(names(watch.candidates(web, reader)), ['a']);
});

adoption('a pod that changes hands wakes both owners', () => {
  const { create, update } = watched();
  create('pods', pod('a', { app: 'web' }, 'old'));
  assert.equal(update('pods', pod('a', { app: 'web' }, 'new')), ['ns/new', 'ns/old']);
});

adoption('a changed selector makes an owner look again', () => {
  const { create, update, watch, reader } = watched();
  create('pods', pod('a', { app: 'db' }));
  create('replicasets.apps', owner('web', { matchLabels: { app: 'web' } }));
  watch.settled('ns/web');
  const changed = owner('web', { matchLabels: { app: 'db' } });
  update('replicasets.apps', changed);
  assert.equal(names(watch.candidates(changed, reader)), ['a']);
});
adoption.run();
