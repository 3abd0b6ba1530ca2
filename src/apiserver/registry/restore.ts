// Puts an object of a described cluster into the store as it is: defaulted and completed, but neither admitted nor validated,
// since it stands for what a cluster already holds. Role: etcd restored from a dump.
import type { KubeObject, ObjectMeta } from '../../apimachinery/object.ts';
import { fill } from '../../apimachinery/sharing.ts';
import { formatTime } from '../../apimachinery/time/time.ts';
import { asStored } from '../../schema/decode/given-empty.ts';
import type { Resource, StrategyContext } from '../resource.ts';

/**
 * The object as a cluster would hold it: defaults applied, uid and creation time filled in where the dump has none. What is given is
 * nobody else's: of it the result is made. The result has metadata of its own.
 */
export function restored(given: KubeObject, resource: Resource, context: StrategyContext): KubeObject {
  const { strategy } = resource;
  // Of a custom resource, decoding leaves what needs no change as it was written down.
  const object = resource.custom ? { ...given, metadata: { ...given.metadata } } : given;
  const defaulted = strategy.fillDefaults?.(object, context) ?? strategy.applyDefaults?.(object, context) ?? object;
  const isNew = defaulted.metadata.uid === undefined;
  // A manifest in the place of a dump: it gets what creating it would have given it.
  const prepared = asStored(isNew ? prepare(defaulted, resource, context) : defaulted);
  return fill(prepared, { metadata: completed(prepared.metadata, resource, context) });
}

/** The metadata with what every stored object has, and without the version that it had in another store. */
function completed(given: ObjectMeta, { namespaced }: Resource, { allocate, now }: StrategyContext): ObjectMeta {
  return fill(Object.isExtensible(given) ? given : { ...given }, {
    namespace: namespaced ? given.namespace || 'default' : undefined,
    uid: given.uid ?? allocate.uid(),
    creationTimestamp: given.creationTimestamp ?? formatTime(now),
    // The store fills in the version.
    resourceVersion: '',
  });
}

function prepare(object: KubeObject, { strategy }: Resource, context: StrategyContext): KubeObject {
  const begun = strategy.beginCreate?.(object, context);
  const allocated = begun?.ok ? begun.object : object;
  const created = strategy.prepareForCreate?.(allocated, context) ?? allocated;
  // Creating an object clears its status; a described cluster means it.
  const { status } = object as { readonly status?: unknown };
  return status === undefined ? created : ({ ...created, status } as KubeObject);
}
