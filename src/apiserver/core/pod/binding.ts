// Binds a pod to a node: pods/binding, which only the scheduler uses.
// Behaviour: pkg/registry/core/pod/storage/storage.go (BindingREST), Kubernetes v1.36.3.
import { aggregateMessage } from '../../../apimachinery/aggregate-error.ts';
import { type FieldError, fieldErrorMessage, notSupported, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { badRequest, conflict, failure, type Status } from '../../../apimachinery/status.ts';
import type { Binding, Pod, PodStatus } from '../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../schema/generated/types/meta-v1.ts';
import type { Answer } from '../../request.ts';
import type { ActionSubresource, SubresourceServer } from '../../resource.ts';
import { withSharedPodCondition } from './conditions.ts';

const NAME_DIFFERS = 'name in URL does not match name in Binding object';
const TARGET = FieldPath.of('target');

export const bindPod: ActionSubresource = (request, subject, server) => {
  // The resource decodes its own objects and, under this path, bindings.
  const pod = subject as Pod;
  const binding = request.object as Binding;
  if (binding.metadata.name !== pod.metadata.name) return refused(badRequest(NAME_DIFFERS));
  const message = aggregateMessage(validateBinding(binding).map(fieldErrorMessage));
  if (message !== undefined) return refused(failure(500, '', message));
  const failed = failedPrecondition(pod, binding) ?? unbindable(pod);
  if (failed) return refused(failed);
  server.storeObject(bound(pod, binding, server), true);
  return succeeded();
};

/** What pods/binding and pods/eviction answer when they have done their work. */
export function succeeded(): Answer {
  const object: KubeObject & Pick<Status, 'status'> = {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Success',
  };
  return { ok: true, code: 201, object, warnings: [] };
}

export function refused(status: Status): Answer {
  return { ok: false, code: status.code, status, warnings: [] };
}

function validateBinding({ target }: Binding): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (target.kind && target.kind !== 'Node') {
    errors.push(notSupported(TARGET.child('kind'), target.kind, ['Node', '<empty>']));
  }
  if (!target.name) errors.push(required(TARGET.child('name'), ''));
  return errors;
}

function failedPrecondition({ metadata }: Pod, { metadata: wanted }: Binding): Status | undefined {
  const { name = '', namespace = '' } = metadata;
  const fail = (what: string) => {
    const key = `/registry/pods/${namespace}/${name}`;
    const text = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${what}`;
    return conflict({ group: '', resource: 'pods' }, name, text);
  };
  if (wanted.uid && wanted.uid !== metadata.uid) {
    return fail(`Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${metadata.uid}`);
  }
  const { resourceVersion } = wanted;
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    return fail(
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
    );
  }
  return undefined;
}

function unbindable({ metadata, spec }: Pod): Status | undefined {
  const { name = '' } = metadata;
  const fail = (text: string) => conflict({ group: '', resource: 'pods/binding' }, name, text);
  if (metadata.deletionTimestamp) return fail(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (spec.nodeName) return fail(`pod ${name} is already assigned to node ${goQuote(spec.nodeName)}`);
  return spec.schedulingGates?.length ? fail(`pod ${name} has non-empty .spec.schedulingGates`) : undefined;
}

type StringMap = Readonly<Record<string, string>>;

/** One map for all pods of a template that are bound to nodes of one place. */
const merged = new WeakMap<StringMap, WeakMap<StringMap, StringMap>>();

function withAll(own: StringMap | undefined, added: StringMap | undefined): StringMap | undefined {
  if (!added || Object.keys(added).length === 0) return own;
  if (!own) return added;
  let ofOwn = merged.get(own);
  if (!ofOwn) merged.set(own, (ofOwn = new WeakMap()));
  let all = ofOwn.get(added);
  if (!all) ofOwn.set(added, (all = { ...own, ...added }));
  return all;
}

/** Bound is what shares nothing of its metadata with anybody. */
function bound(pod: Pod, binding: Binding, { context }: SubresourceServer): Pod {
  const clearsNomination = context.features.isEnabled('ClearingNominatedNodeNameAfterBinding');
  const copiesLabels = context.features.isEnabled('PodTopologyLabelsAdmission');
  return {
    ...pod,
    metadata: boundMetadata(
      pod.metadata,
      copiesLabels ? withAll(pod.metadata.labels, binding.metadata.labels) : pod.metadata.labels,
      withAll(pod.metadata.annotations, binding.metadata.annotations),
    ),
    spec: { ...pod.spec, nodeName: binding.target.name ?? '' },
    status: withSharedPodCondition(
      clearsNomination ? withoutNomination(pod.status) : pod.status,
      SCHEDULED,
      context.now,
    ),
  };
}

const SCHEDULED = { type: 'PodScheduled', status: 'True' };

function withoutNomination(status: PodStatus): PodStatus {
  if (status.nominatedNodeName === undefined) return status;
  const { nominatedNodeName: _, ...rest } = status;
  return rest;
}

/** Keys that are set by name make for cheaper objects than those that are spread in. */
function boundMetadata(
  metadata: ObjectMeta,
  labels: StringMap | undefined,
  annotations: StringMap | undefined,
): ObjectMeta {
  if (labels) return annotations ? { ...metadata, labels, annotations } : { ...metadata, labels };
  return annotations ? { ...metadata, annotations } : { ...metadata };
}
