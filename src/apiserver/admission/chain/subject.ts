// Whether a request is about the resource that a plugin looks after, and the object in that resource's type.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { AdmissionAttributes } from './plugin.ts';

/** The object of a request to this resource, or undefined when the request is about something else. */
export function subjectOf<T extends KubeObject>(
  { resource, subresource, object }: AdmissionAttributes,
  wanted: { readonly plural: string; readonly group?: string; readonly subresource?: string },
): T | undefined {
  if (resource.plural !== wanted.plural || resource.group !== (wanted.group ?? '')) return undefined;
  if (subresource !== (wanted.subresource ?? '')) return undefined;
  // A request's object was decoded as the kind of its resource.
  return object as T | undefined;
}

/** The stored object that an update or delete is about; its type is that of the request's resource. */
export function oldSubjectOf<T extends KubeObject>({ oldObject }: AdmissionAttributes): T | undefined {
  return oldObject as T | undefined;
}
