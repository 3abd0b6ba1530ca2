// Objects that are being deleted and never go: finalizers hold them that nobody in the simulated cluster removes.
import type { Diagnostic } from '../../../apimachinery/diagnostic.ts';
import { refOf } from '../../../apimachinery/object.ts';
import type { Store } from '../../../apiserver/store/store.ts';

const NOTHING: Diagnostic[] = [];

export function heldDeletions(store: Store): Diagnostic[] {
  return store.resources().flatMap((resource) =>
    store.list(resource).flatMap((object): Diagnostic[] => {
      const { deletionTimestamp, finalizers = [] } = object.metadata;
      if (!deletionTimestamp) return NOTHING;
      const spec = (object as { readonly spec?: { readonly finalizers?: readonly string[] } }).spec;
      const held = [...finalizers, ...(object.kind === 'Namespace' ? (spec?.finalizers ?? []) : [])];
      if (held.length === 0) return NOTHING;
      return [
        {
          severity: 'error',
          code: 'StalledDeletion',
          message: `is being deleted, but finalizers hold it: ${held.join(', ')}`,
          object: refOf(object),
          nextStep: 'Whoever set a finalizer has to remove it; here nobody does.',
        },
      ];
    }),
  );
}
