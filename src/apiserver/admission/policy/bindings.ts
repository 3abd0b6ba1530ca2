// What the variables of an expression stand for in one request: object, oldObject, params, request, namespaceObject, authorizer.
// Behaviour: [apiserver]/pkg/admission/plugin/cel/{activation,condition}.go (CreateAdmissionRequest), Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Namespace } from '../../../schema/generated/types/core-v1.ts';
import { cel } from '../../cel/loaded.ts';
import type { CelValue } from '../../cel/values/value.ts';
import { authorizerFor } from './authorizer.ts';
import type { GroupVersionKind, GroupVersionResource, Match, RequestView } from './request-view.ts';

/** Everything but the params, which differ from one evaluation to the next. */
export class RequestBindings {
  readonly #request: RequestView;
  readonly #values = new Map<string, CelValue>();

  constructor(request: RequestView) {
    this.#request = request;
  }

  /** `namespaceObject` is not known to match conditions, the authorizer not to messages. */
  of(
    match: Match,
    params: KubeObject | undefined,
    {
      hasNamespace = true,
      hasAuthorizer = true,
    }: { readonly hasNamespace?: boolean; readonly hasAuthorizer?: boolean } = {},
  ): ReadonlyMap<string, CelValue> {
    const request = this.#request;
    const { group, version, kind } = match.kind;
    const id = `${group}/${version}, ${kind}`;
    const bound = new Map<string, CelValue>([
      ['object', this.#once(`object ${id}`, () => request.wire('object', match.kind))],
      ['oldObject', this.#once(`oldObject ${id}`, () => request.wire('oldObject', match.kind))],
      ['params', params ? this.#once(params, () => request.context.versions.wire(params)) : null],
      [
        'request',
        this.#once(`request ${id} ${match.resource.group}/${match.resource.version}`, () =>
          admissionRequest(match, request),
        ),
      ],
      ['namespaceObject', hasNamespace ? this.#once('namespace', () => namespaceData(request)) : null],
    ]);
    if (!hasAuthorizer) return bound;
    const { AuthorizerValue, ResourceCheck } = cel();
    const authorizer = new AuthorizerValue(request.context.requester(), authorizerFor(request.context));
    bound.set('authorizer', authorizer);
    const { resource } = request.own;
    const target = {
      group: resource.group,
      resource: resource.resource,
      subresource: request.subresource,
      namespace: request.namespace,
      name: request.name,
    };
    bound.set('authorizer.requestResource', new ResourceCheck(authorizer.state, target));
    return bound;
  }

  /** After a mutation the object is another one. */
  forgetObject(): void {
    for (const key of [...this.#values.keys()]) if (key.startsWith('object ')) this.#values.delete(key);
  }

  readonly #params = new WeakMap<KubeObject, CelValue>();

  #once(key: string | KubeObject, make: () => unknown): CelValue {
    const known = typeof key === 'string' ? this.#values.get(key) : this.#params.get(key);
    if (known !== undefined) return known;
    const value = cel().fromData(make() ?? null);
    if (typeof key === 'string') this.#values.set(key, value);
    else this.#params.set(key, value);
    return value;
  }
}

function namespaceData({ context, isNamespace, namespace }: RequestView): unknown {
  if (isNamespace || namespace === '') return null;
  const found = context.reader.get<Namespace>('namespaces', undefined, namespace);
  return found ? context.versions.wire(found) : null;
}

/** The request as a review would describe it, without the objects. */
function admissionRequest({ kind, resource }: Match, request: RequestView): Record<string, unknown> {
  const { context, own, subresource, name, namespace, operation } = request;
  const user = context.requester();
  return {
    uid: '',
    kind: kindData(kind),
    resource: resourceData(resource),
    ...given('subResource', subresource),
    requestKind: kindData(own.kind),
    requestResource: resourceData(own.resource),
    ...given('requestSubResource', subresource),
    ...given('name', name),
    ...given('namespace', namespace),
    operation,
    userInfo: {
      username: user.name,
      ...given('uid', user.uid ?? ''),
      ...(user.groups.length > 0 ? { groups: user.groups } : {}),
    },
    object: null,
    oldObject: null,
    dryRun: context.dryRun,
    options: context.requestOptions(operation),
  };
}

function kindData({ group, version, kind }: GroupVersionKind): Record<string, string> {
  return { group, version, kind };
}

function resourceData({ group, version, resource }: GroupVersionResource): Record<string, string> {
  return { group, version, resource };
}

function given(key: string, value: string): Record<string, string> {
  return value === '' ? {} : { [key]: value };
}
