// What a pod's runtime class adds to it: overhead, node selector and tolerations.
// Behaviour: plugin/pkg/admission/runtimeclass/admission.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { givenEmpty } from '../../../schema/decode/given-empty.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { RuntimeClass } from '../../../schema/generated/types/node-v1.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import type { ResourceList } from '../../core/pod-spec/aggregate-resources.ts';
import { lookupError } from '../chain/lookup-error.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionRefusal } from '../chain/plugin.ts';
import { forbid, plainError } from '../chain/refusal.ts';
import { subjectOf } from '../chain/subject.ts';
import { mergeTolerations } from './merge-tolerations.ts';

const NAME = 'RuntimeClass';
const OVERHEAD_DIFFERS = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
const OVERHEAD_WITHOUT_CLASS = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';

export const runtimeClass: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE'],
  resources: ['pods'],
  subresources: [''],

  mutate(attributes, { reader }) {
    const pod = subjectOf<Pod>(attributes, { plural: 'pods' });
    const name = pod?.spec.runtimeClassName;
    if (!pod || name === undefined) return undefined;
    const found = classByName(name, reader);
    if (!found) return notFound(name, attributes);
    const given = pod.spec.overhead;
    const overhead = found.overhead?.podFixed;
    if (found.overhead && given && !isSameAmounts(overhead, given)) return forbid(attributes, OVERHEAD_DIFFERS, NAME);
    const charged = found.overhead ? withOverhead(pod, overhead) : pod;
    if (!found.scheduling) return charged;
    const conflict = selectorConflict(pod, found);
    return conflict === undefined ? withScheduling(charged, found) : forbid(attributes, conflict, NAME);
  },

  validate(attributes, { reader }) {
    const pod = subjectOf<Pod>(attributes, { plural: 'pods' });
    if (!pod) return undefined;
    const { runtimeClassName: name, overhead } = pod.spec;
    const found = name === undefined ? undefined : classByName(name, reader);
    if (name !== undefined && !found) return notFound(name, attributes);
    const isGiven = overhead !== undefined || givenEmpty(pod.spec, 'overhead') !== undefined;
    if (!found?.overhead) return isGiven ? forbid(attributes, OVERHEAD_WITHOUT_CLASS, NAME) : undefined;
    return isSameAmounts(found.overhead.podFixed, overhead) ? undefined : forbid(attributes, OVERHEAD_DIFFERS, NAME);
  },
};

function classByName(name: string, reader: ClusterReader): RuntimeClass | undefined {
  return reader.get<RuntimeClass>('runtimeclasses.node.k8s.io', undefined, name);
}

function notFound(name: string, attributes: AdmissionAttributes): AdmissionRefusal {
  const error = lookupError(name);
  if (error !== undefined) return plainError(error, NAME);
  return forbid(attributes, `pod rejected: RuntimeClass ${goQuote(name)} not found`, NAME);
}

function withOverhead(pod: Pod, podFixed: ResourceList | undefined): Pod {
  const { overhead: _, ...spec } = pod.spec;
  return { ...pod, spec: podFixed ? { ...spec, overhead: podFixed } : spec };
}

function selectorConflict({ spec }: Pod, { scheduling }: RuntimeClass): string | undefined {
  const wanted = scheduling?.nodeSelector ?? {};
  const given = spec.nodeSelector ?? {};
  const key = Object.keys(wanted)
    .sort()
    .find((name) => given[name] !== undefined && given[name] !== wanted[name]);
  if (key === undefined) return undefined;
  const [ofClass, ofPod] = [wanted[key], given[key]];
  return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${ofClass}; pod.spec.nodeSelector[${key}] = ${ofPod}`;
}

function withScheduling(pod: Pod, { scheduling }: RuntimeClass): Pod {
  const nodeSelector = { ...pod.spec.nodeSelector, ...scheduling?.nodeSelector };
  const tolerations = mergeTolerations(pod.spec.tolerations, scheduling?.tolerations);
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
      ...(tolerations.length > 0 ? { tolerations } : {}),
    },
  };
}

function isSameAmounts(a: ResourceList = {}, b: ResourceList = {}): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [one, other] = [a[name], b[name]];
    return one !== undefined && other !== undefined && mustParseQuantity(one).equals(mustParseQuantity(other));
  });
}
