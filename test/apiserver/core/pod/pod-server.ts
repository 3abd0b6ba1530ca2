// The API server with the core resources and without admission, for tests of what it makes of one object.
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { coreResources } from '../../../../src/apiserver/core/resources.ts';
import { decodeBody } from '../../../../src/apiserver/decode.ts';
import type { Answer, WriteRequest } from '../../../../src/apiserver/request.ts';
import { apiVersionOf, type Resource, resourceNameOf } from '../../../../src/apiserver/resource.ts';
import { World } from '../../../../src/planner/world.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface Draft extends Json {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json;
}

const VERSION = '1.36';
const START = Date.UTC(2026, 0, 1);
const NAMESPACE = 'default';

/** Enough of a resource to store its objects. */
export function storedOnly(group: string, kind: string, plural: string): Resource {
  return { group, version: 'v1', kind, plural, singular: plural.slice(0, -1), namespaced: true, strategy: {} };
}

export class PodServer {
  readonly world: World;

  constructor(featureGates: Readonly<Record<string, boolean>> = {}, more: readonly Resource[] = []) {
    this.world = new World({
      kubernetes: { version: VERSION, featureGates, flags: {} },
      resources: [...coreResources, ...more],
      admission: [],
      components: [],
      startAt: START,
    });
    this.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  }

  create(draft: Draft): Answer {
    const { resource, object } = this.#decoded(draft);
    return this.#handle({ verb: 'create', object, ...placeOf(resource) });
  }

  /** Posts the body of an action (binding, eviction) or puts a part of an object (status, resize). */
  post(subresource: string, name: string, body: Json): Answer {
    // Actions have bodies of kinds of their own.
    const object = { metadata: { name }, ...body } as unknown as KubeObject;
    return this.#handle({ verb: 'create', resource: 'pods', namespace: NAMESPACE, name, subresource, object });
  }

  update(draft: Draft | KubeObject, subresource?: string): Answer {
    const { resource, object } = this.#decoded(draft as Draft);
    const name = object.metadata.name ?? '';
    return this.#handle({
      verb: 'update',
      name,
      object,
      ...placeOf(resource),
      ...(subresource ? { subresource } : {}),
    });
  }

  delete(name: string, gracePeriodSeconds?: number): Answer {
    const grace = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    return this.#handle({ verb: 'delete', resource: 'pods', namespace: NAMESPACE, name, ...grace });
  }

  find<T extends KubeObject = Pod>(name: string, resource = 'pods'): T | undefined {
    return this.world.server.reader.get<T>(resource, NAMESPACE, name);
  }

  get<T extends KubeObject = Pod>(name: string, resource = 'pods'): T {
    const found = this.find<T>(name, resource);
    if (!found) throw new Error(`no ${resource} ${name}`);
    return found;
  }

  #decoded(draft: Draft): { readonly resource: Resource; readonly object: KubeObject } {
    const resource = this.world.server.options.catalog.byKind(draft.apiVersion, draft.kind);
    if (!resource) throw new Error(`nobody serves ${draft.apiVersion} ${draft.kind}`);
    const { metadata } = draft;
    const value = { ...draft, metadata: resource.namespaced ? { namespace: NAMESPACE, ...metadata } : metadata };
    const expected = { resource, version: resource.version };
    const decoded = decodeBody({ tree: { value }, isYaml: false }, expected, VERSION, 'Strict');
    if (!decoded.ok) throw new Error(decoded.status.message);
    return { resource, object: decoded.object };
  }

  #handle(request: DistributiveOmit<WriteRequest, 'cause'>): Answer {
    return this.world.server.handle({ ...request, cause: { who: 'test' } });
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function placeOf(resource: Resource) {
  const place = { resource: resourceNameOf(resource), apiVersion: apiVersionOf(resource) };
  return resource.namespaced ? { ...place, namespace: NAMESPACE } : place;
}

/** `spec.containers[0].name: Required value` of each error; nothing when the request was accepted. */
export function causesOf(answer: Answer): readonly string[] {
  if (answer.ok) return [];
  const causes = answer.status.details?.causes ?? [];
  return causes.length > 0 ? causes.map(({ field, message }) => `${field}: ${message}`) : [answer.status.message];
}

/** The stored object; a refusal fails the test. */
export function accepted<T extends KubeObject = Pod>(answer: Answer): T {
  if (!answer.ok) throw new Error(answer.status.message);
  // The test knows what it sent.
  return answer.object as T;
}

/** A pod with one container, and what a test changes of it. */
export function podDraft(spec: Json = {}, metadata: Json = {}, rest: Json = {}): Draft {
  const containers = [{ name: 'app', image: 'nginx:1' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', ...metadata },
    spec: { containers, ...spec },
    ...rest,
  };
}

/** The spec of a pod whose one container has these fields. */
export function withContainer(fields: Json): Json {
  return { containers: [{ name: 'app', image: 'nginx:1', ...fields }] };
}
