// A request as policies and webhooks look at it: its resource and kind in the version of its path, what is equivalent to them,
// and its objects in whichever version is matched.
// Behaviour: [apiserver]/pkg/admission/{attributes,conversion}.go, [apimachinery]/pkg/runtime/mapper.go, Kubernetes v1.36.3.
import type { JsonMap } from '../../../apimachinery/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../resource.ts';
import type { AdmissionAttributes, AdmissionContext, AdmissionOperation } from '../chain/plugin.ts';

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What a rule matched: the request's own resource, or one that is equivalent. */
export interface Match {
  readonly resource: GroupVersionResource;
  readonly kind: GroupVersionKind;
}

/** Kinds that decide about requests are never put before policies and webhooks. */
const CONFIGURATION_GROUP = 'admissionregistration.k8s.io';
/** Reviews ask about requests and are stored nowhere. */
const REVIEW_GROUPS: ReadonlySet<string> = new Set(['authentication.k8s.io', 'authorization.k8s.io']);

export class RequestView {
  readonly attributes: AdmissionAttributes;
  readonly context: AdmissionContext;
  readonly own: Match;
  readonly #wire = new Map<string, JsonMap | undefined>();
  #object: KubeObject | undefined;

  constructor(attributes: AdmissionAttributes, context: AdmissionContext) {
    this.attributes = attributes;
    this.context = context;
    this.#object = attributes.object;
    this.own = matchIn(attributes, context.versions.requested);
  }

  get operation(): AdmissionOperation {
    return this.attributes.operation;
  }

  get subresource(): string {
    return this.attributes.subresource;
  }

  get name(): string {
    return this.attributes.name;
  }

  /** Of a Namespace it is the namespace itself. */
  get namespace(): string {
    const { namespace, name, object } = this.attributes;
    return this.isNamespace ? name || (object?.metadata.name ?? '') : (namespace ?? '');
  }

  /** Whether the request is about a Namespace or one of its subresources. */
  get isNamespace(): boolean {
    const { resource } = this.attributes;
    return resource.group === '' && resource.plural === 'namespaces';
  }

  /** Where policies never look. */
  get isExemptFromPolicies(): boolean {
    const { group } = this.attributes.resource;
    return group === CONFIGURATION_GROUP || REVIEW_GROUPS.has(group);
  }

  get isExemptFromWebhooks(): boolean {
    return this.attributes.resource.group === CONFIGURATION_GROUP;
  }

  /** The resource of the request as refusals name it. */
  get groupResource(): { readonly group: string; readonly resource: string } {
    const { group, resource } = this.own.resource;
    return { group, resource };
  }

  /** The other versions of the resource, in which the same object may be matched. */
  *equivalents(): Generator<Match> {
    const { resource } = this.attributes;
    const versions = [
      apiVersionOf(resource),
      ...(resource.otherVersions ?? []).map(({ group = resource.group, version }) => apiVersionOf({ group, version })),
    ];
    for (const version of versions)
      if (version !== this.context.versions.requested) yield matchIn(this.attributes, version);
  }

  /** The object as the request would have it now, in the version that is kept. */
  get object(): KubeObject | undefined {
    return this.#object;
  }

  set object(object: KubeObject | undefined) {
    this.#object = object;
    for (const key of [...this.#wire.keys()]) if (key.startsWith('object ')) this.#wire.delete(key);
  }

  /** The object, or the one that it replaces, on the wire in a version. */
  wire(which: 'object' | 'oldObject', kind: GroupVersionKind): JsonMap | undefined {
    const apiVersion = apiVersionOf(kind);
    const key = `${which} ${apiVersion}`;
    if (this.#wire.has(key)) return this.#wire.get(key);
    const object = which === 'object' ? this.#object : this.attributes.oldObject;
    const { versions } = this.context;
    // What stands under a subresource of its own kind has one version.
    const isOwnKind = object?.kind === this.attributes.resource.kind;
    const made = object && versions.wire(isOwnKind ? versions.convert(object, apiVersion) : object);
    this.#wire.set(key, made);
    return made;
  }
}

function matchIn({ resource, subresource, object }: AdmissionAttributes, apiVersion: string): Match {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  const gvr = { group, version, resource: resource.plural };
  // A subresource may have a kind of its own: Scale, Binding, Eviction.
  if (subresource === '' || !object || object.kind === resource.kind)
    return { resource: gvr, kind: { group, version, kind: resource.kind } };
  const own = object.apiVersion.indexOf('/');
  const kindGroup = own < 0 ? '' : object.apiVersion.slice(0, own);
  return { resource: gvr, kind: { group: kindGroup, version: object.apiVersion.slice(own + 1), kind: object.kind } };
}
