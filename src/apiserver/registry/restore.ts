// Puts an object of a described cluster into the store as it is: defaulted and completed, but neither admitted nor validated,
// since it stands for what a cluster already holds. Role: etcd restored from a dump.
import type { KubeObject, ObjectMeta } from '../../apimachinery/object.ts';
import { formatTime } from '../../apimachinery/time.ts';
import { asStored } from '../../schema/decode/given-empty.ts';
import type { Resource, StrategyContext } from '../resource.ts';

/** The object as a cluster would hold it: defaults applied, uid and creation time filled in where the dump has none. It has metadata of its own. */
export function restored(object: KubeObject, resource: Resource, context: StrategyContext): KubeObject {
  const { strategy } = resource;
  const defaulted = strategy.applyDefaults?.(object, context) ?? object;
  const isNew = defaulted.metadata.uid === undefined;
  // A manifest in the place of a dump: it gets what creating it would have given it.
  const prepared = asStored(isNew ? prepare(defaulted, resource, context) : defaulted);
  return { ...prepared, metadata: completed(prepared.metadata, resource, context) };
}

/** The metadata with what every stored object has, and without the version that it had in another store; always a new object. */
function completed(given: ObjectMeta, { namespaced }: Resource, { allocate, now }: StrategyContext): ObjectMeta {
  const metadata = given.resourceVersion === undefined ? given : withoutVersion(given);
  const uid = metadata.uid ?? allocate.uid();
  const creationTimestamp = metadata.creationTimestamp ?? formatTime(now);
  // The store fills in the version.
  const resourceVersion = '';
  return namespaced && !metadata.namespace
    ? { ...metadata, namespace: 'default', uid, creationTimestamp, resourceVersion }
    : { ...metadata, uid, creationTimestamp, resourceVersion };
}

function withoutVersion({ resourceVersion: _, ...metadata }: ObjectMeta): ObjectMeta {
  return metadata;
}

function prepare(object: KubeObject, { strategy }: Resource, context: StrategyContext): KubeObject {
  const begun = strategy.beginCreate?.(object, context);
  const allocated = begun?.ok ? begun.object : object;
  const created = strategy.prepareForCreate?.(allocated, context) ?? allocated;
  // Creating an object clears its status; a described cluster means it.
  const { status } = object as { readonly status?: unknown };
  return status === undefined ? created : ({ ...created, status } as KubeObject);
}
