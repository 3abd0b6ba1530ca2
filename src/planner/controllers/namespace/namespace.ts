// Empties terminating namespaces, pods first, and lets them go when nothing is left.
// Behaviour: pkg/controller/namespace/namespace_controller.go and deletion/namespaced_resources_deleter.go, Kubernetes v1.36.3.
// Differs: resources are emptied by name where upstream goes through a Go map.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { mustParseTime } from '../../../apimachinery/time/time.ts';
import type { Namespace, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ControllerFactory, SyncContext, SyncResult } from '../../engine/controller.ts';
import { problemConditions, withNamespaceConditions } from './conditions.ts';

const FINALIZER = 'kubernetes';
/** Between a write to the namespace and the look at it: other API servers have to hear of the deletion. */
const DELETION_GRACE = 5000;
/** How long finalizers are expected to take. */
const FINALIZER_ESTIMATE_SECONDS = 15;
const PODS = 'pods';

export const namespaceController: ControllerFactory = () => {
  /** When each terminating namespace is to be looked at. */
  const due = new Map<string, number>();
  return {
    name: 'namespace-controller',
    watches: [
      {
        resource: 'namespaces',
        keys: ({ type, object, at }) => {
          const { name = '', deletionTimestamp } = object.metadata;
          if (type === 'DELETED') due.delete(name);
          if (type === 'DELETED' || !deletionTimestamp) return [];
          due.set(name, Math.min(due.get(name) ?? Number.POSITIVE_INFINITY, at + DELETION_GRACE));
          return [name];
        },
      },
    ],
    sync(name, context) {
      const namespace = context.reader.get<Namespace>('namespaces', undefined, name);
      if (!namespace?.metadata.deletionTimestamp || !namespace.spec.finalizers?.length) return undefined;
      const at = due.get(name) ?? context.now;
      if (context.now < at) return { requeueAfter: at - context.now };
      due.delete(name);
      return empty(namespace, context, (wait) => due.set(name, context.now + wait));
    },
  };
};

function empty(given: Namespace, context: SyncContext, lookAgain: (wait: number) => void): SyncResult | undefined {
  const { client } = context;
  let namespace = given;
  if (namespace.status.phase !== 'Terminating') {
    const answer = client.updateStatus('namespaces', {
      ...namespace,
      status: { ...namespace.status, phase: 'Terminating' },
    });
    if (!answer.ok) return answer.status.reason === 'NotFound' ? undefined : { retry: true };
    namespace = answer.object;
  }
  const content = new Content(namespace, context);
  content.delete(PODS);
  const podsRemain = content.remaining.has(PODS);
  if (!podsRemain) for (const resource of context.reader.resources()) if (resource !== PODS) content.delete(resource);

  // While pods remain nothing is said about what else does.
  const totals = podsRemain ? { remaining: new Map(), finalizers: new Map() } : content.totals();
  const before = namespace.status.conditions ?? [];
  const conditions = withNamespaceConditions(before, problemConditions(totals, content.errors), context.now);
  if (conditions !== before) {
    const answer = client.updateStatus('namespaces', { ...namespace, status: { ...namespace.status, conditions } });
    if (answer.ok) namespace = answer.object;
  }
  if (content.errors.length > 0) return { retry: true };
  if (content.estimate > 0) {
    const wait = (Math.floor(content.estimate / 2) + 1) * 1000;
    lookAgain(wait);
    return { requeueAfter: wait };
  }
  const finalizers = (namespace.spec.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER).sort();
  const answer = client.update('namespaces', { ...namespace, spec: { ...namespace.spec, finalizers } }, 'finalize');
  return answer.ok || answer.status.reason === 'NotFound' ? undefined : { retry: true };
}

/** Deletes what a namespace holds, resource by resource, and counts what stays. */
class Content {
  readonly remaining = new Map<string, number>();
  readonly errors: string[] = [];
  /** Seconds until the rest may be gone; 0 when nothing is left. */
  estimate = 0;
  readonly #finalizers = new Map<string, number>();
  readonly #name: string;
  readonly #deletedAt: number;
  readonly #context: SyncContext;

  constructor({ metadata }: Namespace, context: SyncContext) {
    this.#name = metadata.name ?? '';
    this.#deletedAt = mustParseTime(metadata.deletionTimestamp!);
    this.#context = context;
  }

  delete(resource: string): void {
    const { reader, client } = this.#context;
    const objects = reader.list(resource, this.#name);
    if (objects.length === 0) return;
    const grace = resource === PODS ? this.#graceOf(objects as readonly Pod[]) : 0;
    for (const { metadata } of objects) {
      const answer = client.delete(
        resource,
        { namespace: this.#name, name: metadata.name ?? '' },
        { propagationPolicy: 'Background' },
      );
      if (!answer.ok && answer.status.reason !== 'NotFound') {
        this.errors.push(answer.status.message);
        return;
      }
    }
    const left = reader.list(resource, this.#name);
    if (left.length === 0) return;
    this.remaining.set(resource, left.length);
    let isHeld = false;
    for (const { metadata } of left)
      for (const finalizer of metadata.finalizers ?? []) {
        isHeld = true;
        this.#finalizers.set(finalizer, (this.#finalizers.get(finalizer) ?? 0) + 1);
      }
    if (grace > 0) this.estimate = Math.max(this.estimate, grace);
    else if (isHeld) this.estimate = Math.max(this.estimate, FINALIZER_ESTIMATE_SECONDS);
    else
      this.errors.push(
        `unexpected items still remain in namespace: ${this.#name} for gvr: ${gvrText(resource, left[0]!)}`,
      );
  }

  totals() {
    // `pods.` for the core group, as upstream prints resource and group.
    const remaining = new Map(
      [...this.remaining].map(([name, n]) => [name.includes('.') ? name : `${name}.`, n] as const),
    );
    return { remaining, finalizers: this.#finalizers };
  }

  /** The longest grace of a running pod, unless so much time has passed already. */
  #graceOf(pods: readonly Pod[]): number {
    let longest = 0;
    for (const { spec, status } of pods)
      if (status.phase !== 'Succeeded' && status.phase !== 'Failed')
        longest = Math.max(longest, spec.terminationGracePeriodSeconds ?? 0);
    return this.#context.now - this.#deletedAt >= longest * 1000 ? 0 : longest;
  }
}

function gvrText(resource: string, { apiVersion }: KubeObject): string {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const plural = resource.includes('.') ? resource.slice(0, resource.indexOf('.')) : resource;
  return `${group}/${apiVersion.slice(slash + 1)}, Resource=${plural}`;
}
