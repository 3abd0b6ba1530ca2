// A pod on a node can only be resized to what that node could hold.
// Behaviour: plugin/pkg/admission/podresize/admission.go, Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import { mustParseQuantity, type Quantity } from '../../apimachinery/quantity/quantity.ts';
import { withCause } from '../../apimachinery/status.ts';
import { LABEL_OS } from '../../apimachinery/well-known/labels.ts';
import type { Node, Pod } from '../../schema/generated/types/core-v1.ts';
import { aggregateContainerResources } from '../core/pod-spec/aggregate-resources.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionRefusal } from './chain/plugin.ts';
import { forbid } from './chain/refusal.ts';
import { subjectOf } from './chain/subject.ts';

const NAME = 'PodResizeValidator';
const UNSUPPORTED_PLATFORM = 'UnsupportedPlatform';
const NODE_CAPACITY = 'NodeCapacity';

export const podResizeValidator: AdmissionPlugin = {
  name: NAME,
  operations: ['UPDATE'],
  resources: ['pods'],
  subresources: ['resize'],
  validate(attributes, { reader }) {
    const pod = subjectOf<Pod>(attributes, { plural: 'pods', subresource: 'resize' });
    const { nodeName } = pod?.spec ?? {};
    // The generation changes with the spec alone.
    if (!pod || !nodeName || pod.metadata.generation === attributes.oldObject?.metadata.generation) return undefined;
    const node = reader.get<Node>('nodes', undefined, nodeName);
    if (!node) return forbid(attributes, `node ${goQuote(nodeName)} not found`, NAME);
    const os = node.metadata.labels?.[LABEL_OS];
    if (os !== undefined && os !== 'linux') {
      const text = `pod resize is only supported on linux nodes, node ${goQuote(nodeName)} is ${goQuote(os)}`;
      return forbidBecause(UNSUPPORTED_PLATFORM, text, attributes);
    }
    const lacking = lackingOn(node, pod);
    if (lacking.length === 0) return undefined;
    const text = `node didn't have enough allocatable resources: ${lacking.join('; ')}`;
    return forbidBecause(NODE_CAPACITY, text, attributes);
  },
};

function lackingOn({ status }: Node, pod: Pod): readonly string[] {
  const containers = aggregateContainerResources(pod.spec, 'requests');
  const lacking: string[] = [];
  const compare = (name: string, amount: (quantity: Quantity) => bigint) => {
    const wanted = requestOf(name, pod, containers.get(name));
    const allocatable = mustParseQuantity(status.allocatable?.[name] ?? '0');
    if (wanted && wanted.cmp(allocatable) > 0)
      lacking.push(`${name}, requested: ${amount(wanted)}, allocatable: ${amount(allocatable)}`);
  };
  compare('cpu', (quantity) => quantity.milliValueInt64());
  compare('memory', (quantity) => quantity.valueInt64());
  return lacking;
}

/** What the pod says itself takes the place of what its containers come to; what running it costs comes on top. */
function requestOf(name: string, { spec }: Pod, ofContainers: Quantity | undefined): Quantity | undefined {
  const own = spec.resources?.requests?.[name];
  const wanted = own === undefined ? ofContainers : mustParseQuantity(own);
  const overhead = spec.overhead?.[name];
  if (overhead === undefined) return wanted;
  return wanted ? wanted.add(mustParseQuantity(overhead)) : mustParseQuantity(overhead);
}

function forbidBecause(reason: string, text: string, attributes: AdmissionAttributes): AdmissionRefusal {
  const { refused, by } = forbid(attributes, text, NAME);
  return { refused: withCause(refused, { reason, message: '', field: '' }), by };
}
