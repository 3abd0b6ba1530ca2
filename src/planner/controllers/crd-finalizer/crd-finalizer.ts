// Deletes the custom resources of a definition that is being deleted, and lets the definition go when none is left.
// Behaviour: [apiextensions-apiserver]/pkg/controller/finalizer/crd_finalizer.go, Kubernetes v1.36.3.
// Differs: objects are deleted one by one in order of their names, where upstream empties each namespace as a collection.
import {
  CLEANUP_FINALIZER,
  isEstablished,
  withTerminating,
} from '../../../apiserver/apiextensions/custom-resource-definition/status.ts';
import type { CustomResourceDefinition } from '../../../schema/generated/types/apiextensions-v1.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../../schema/resource-names.ts';
import type { ControllerFactory, SyncContext, SyncResult } from '../../engine/controller.ts';

/** While objects are waited for, and how long that is done at most. */
const POLL = 5000;
const PATIENCE = 60_000;
const TIMED_OUT = 'could not confirm zero CustomResources remaining: context deadline exceeded';

export const crdFinalizer: ControllerFactory = () => {
  /** Until when the objects of a definition are waited for. */
  const deadlines = new Map<string, number>();
  return {
    name: 'crd-finalizer',
    watches: [
      {
        resource: CUSTOM_RESOURCE_DEFINITIONS,
        keys: ({ type, object: { metadata } }) => {
          const { name = '' } = metadata;
          if (type === 'DELETED') deadlines.delete(name);
          return type === 'DELETED' || !metadata.deletionTimestamp ? [] : [name];
        },
      },
    ],
    sync(name, context) {
      const crd = context.reader.get<CustomResourceDefinition>(CUSTOM_RESOURCE_DEFINITIONS, undefined, name);
      if (!crd?.metadata.deletionTimestamp || !crd.metadata.finalizers?.includes(CLEANUP_FINALIZER)) return undefined;
      return new Cleanup(crd, context, deadlines).run();
    },
  };
};

class Cleanup {
  readonly #name: string;
  readonly #context: SyncContext;
  readonly #deadlines: Map<string, number>;
  #crd: CustomResourceDefinition;

  constructor(crd: CustomResourceDefinition, context: SyncContext, deadlines: Map<string, number>) {
    this.#name = crd.metadata.name ?? '';
    this.#crd = crd;
    this.#context = context;
    this.#deadlines = deadlines;
  }

  run(): SyncResult | undefined {
    const { now } = this.#context;
    const deadline = this.#deadlines.get(this.#name);
    if (deadline === undefined) {
      if (!this.#say('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress')) return undefined;
      if (!isEstablished(this.#crd)) return this.#letGo('NeverEstablished', 'resource was never established');
      const failed = this.#deleteObjects();
      if (failed !== undefined) {
        this.#say('True', 'InstanceDeletionFailed', `could not issue all deletes: ${failed}`);
        return { retry: true };
      }
    }
    if (this.#objects().length === 0) return this.#letGo('InstanceDeletionCompleted', 'removed all instances');
    if (deadline === undefined) this.#deadlines.set(this.#name, now + PATIENCE);
    else if (now >= deadline) {
      this.#deadlines.delete(this.#name);
      this.#say('True', 'InstanceDeletionCheck', TIMED_OUT);
      return { retry: true };
    }
    // Who holds the objects may let them go; nothing here makes that happen.
    return { requeueAfter: POLL, routine: true };
  }

  #objects() {
    // A definition is called like the resource that it defines.
    return this.#context.reader.list(this.#name);
  }

  /** What went wrong. */
  #deleteObjects(): string | undefined {
    for (const { metadata } of this.#objects()) {
      if (metadata.deletionTimestamp) continue;
      const { name = '', namespace } = metadata;
      const answer = this.#context.client.delete(this.#name, { name, ...(namespace ? { namespace } : {}) });
      if (!answer.ok && answer.status.reason !== 'NotFound') return answer.status.message;
    }
    return undefined;
  }

  /** Whether the definition could be written. */
  #say(status: 'True' | 'False', reason: string, message: string, finalizers = this.#crd.metadata.finalizers): boolean {
    const { client, now } = this.#context;
    const crd = withTerminating(this.#crd, { status, reason, message }, now);
    const answer = client.updateStatus(CUSTOM_RESOURCE_DEFINITIONS, {
      ...crd,
      metadata: { ...crd.metadata, finalizers: finalizers ?? [] },
    });
    if (answer.ok) this.#crd = answer.object;
    return answer.ok;
  }

  #letGo(reason: string, message: string): undefined {
    this.#deadlines.delete(this.#name);
    const finalizers = this.#crd.metadata.finalizers?.filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    this.#say('False', reason, message, finalizers);
  }
}
