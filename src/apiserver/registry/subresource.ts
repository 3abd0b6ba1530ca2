// Subresources that are not simply part of their object: how a scale reads, and those that act (pods/binding, pods/eviction).
// Behaviour: pkg/registry/apps/deployment/storage (ScaleREST), pkg/registry/core/pod/storage, Kubernetes v1.36.3.
import { valueAt } from '../../apimachinery/json-path.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { notFound } from '../../apimachinery/status.ts';
import {
  compileLabelSelector,
  type LabelSelector,
  type Labels,
  selectorFromSet,
} from '../../selectors/label-selector.ts';
import type { AdmissionAttributes } from '../admission/chain/plugin.ts';
import type { Answer, CreateRequest } from '../request.ts';
import {
  type DeleteOptions,
  groupResourceOf,
  resourceNameOf,
  type ScaleMapping,
  type StrategyContext,
  type SubresourceServer,
} from '../resource.ts';
import { deleteObject } from './delete.ts';
import { admit, type RequestScope, refuse } from './scope.ts';
import { replaceObject } from './update.ts';

export interface Scale extends KubeObject {
  readonly apiVersion: 'autoscaling/v1';
  readonly kind: 'Scale';
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

export function createOnSubresource(request: CreateRequest, scope: RequestScope): Answer {
  const { resource, store, warnings } = scope;
  const action = resource.actions?.[request.subresource ?? ''];
  const name = request.name ?? '';
  const subject = store.get(resourceNameOf(resource), request.namespace, name);
  if (!action) return refuse(notFound(groupResourceOf(scope.resource), name), warnings);
  const attributes: AdmissionAttributes = {
    operation: 'CREATE',
    resource,
    subresource: request.subresource ?? '',
    namespace: request.namespace,
    name,
    object: request.object,
    oldObject: undefined,
  };
  const mutated = admit('mutate', attributes, scope, []);
  if (mutated && 'status' in mutated) return refuse(mutated.status, warnings);
  if (!subject) return refuse(notFound(groupResourceOf(scope.resource), name), warnings);
  const body = mutated?.object ?? request.object;
  const admitted = admit('validate', attributes, scope, [], { object: body });
  if (admitted && 'status' in admitted) return refuse(admitted.status, warnings);
  return action(mutated ? { ...request, object: body } : request, subject, new PastAdmission(request, scope));
}

const NO_PLUGINS: RequestScope['admission'] = [];

/** What a subresource does to its object goes straight to the storage, past admission. */
class PastAdmission implements SubresourceServer {
  readonly context: StrategyContext;
  readonly #request: CreateRequest;
  readonly #scope: RequestScope;

  constructor(request: CreateRequest, scope: RequestScope) {
    this.context = scope.context;
    this.#request = request;
    this.#scope = scope;
  }

  updateObject(object: KubeObject, old: KubeObject): Answer {
    return replaceObject(object, old, { name: old.metadata.name ?? '' }, { ...this.#scope, admission: NO_PLUGINS });
  }

  deleteObject(object: KubeObject, options: DeleteOptions): Answer {
    const { resource, cause } = this.#request;
    const { name = '', namespace } = object.metadata;
    const place = namespace ? { name, namespace } : { name };
    const request = { verb: 'delete' as const, resource, cause, ...place, ...options };
    return deleteObject(request, { ...this.#scope, admission: NO_PLUGINS });
  }

  storeObject(object: KubeObject, isFresh = false): KubeObject {
    const { catalog, context, store, write } = this.#scope;
    const kind = catalog.byKind(object.apiVersion, object.kind);
    if (!kind || context.dryRun) return object;
    const result = store.update(resourceNameOf(kind), object, undefined, write, isFresh);
    return result.ok ? result.object : object;
  }
}

export function scaleOf(object: KubeObject, scale: ScaleMapping | undefined): Scale {
  const { name = '', namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = scale && valueAt(object, scale.specReplicas);
  const selector = selectorText(scale && valueAt(object, scale.selector));
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: typeof replicas === 'number' && replicas !== 0 ? { replicas } : {},
    status: {
      replicas: Number((scale && valueAt(object, scale.statusReplicas)) ?? 0),
      ...(selector === '' ? {} : { selector }),
    },
  };
}

/** The selector of a scale in its text form; ReplicationControllers have a plain map of labels. */
function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector;
  const values = Object.values(selector ?? {});
  const isMap = values.length > 0 && values.every((value) => typeof value === 'string');
  return (isMap ? selectorFromSet(selector as Labels) : compileLabelSelector(selector as LabelSelector)).toString();
}
