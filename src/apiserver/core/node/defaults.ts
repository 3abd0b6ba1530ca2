// What a Node has without saying so.
// Behaviour: pkg/apis/core/v1/{defaults,conversion}.go (SetDefaults_NodeStatus, NodeSpec), Kubernetes v1.36.3.
import type { Node, NodeSpec, NodeStatus } from '../../../schema/generated/types/core-v1.ts';
import { roundResourceList } from '../pod-spec/resource-rounding.ts';

export function defaultNode(node: Node): Node {
  const spec = withPodCidrs(node.spec);
  const status = defaultStatus(node.status);
  return spec === node.spec && status === node.status ? node : { ...node, spec, status };
}

/** podCIDR is the first of podCIDRs; where they differ it wins. */
function withPodCidrs(spec: NodeSpec): NodeSpec {
  const { podCIDR, podCIDRs } = spec;
  const first = podCIDRs?.[0];
  if (podCIDR) return podCIDR === first ? spec : { ...spec, podCIDRs: [podCIDR] };
  return first ? { ...spec, podCIDR: first } : spec;
}

function defaultStatus(given: NodeStatus): NodeStatus {
  const status = withoutEmptyNames(given);
  const capacity = status.capacity && roundResourceList(status.capacity);
  const allocatable = status.allocatable ? roundResourceList(status.allocatable) : capacity;
  if (capacity === status.capacity && allocatable === status.allocatable) return status;
  return { ...status, ...(capacity ? { capacity } : {}), ...(allocatable ? { allocatable } : {}) };
}

/** Storing an empty list loses it. */
function withoutEmptyNames(status: NodeStatus): NodeStatus {
  const { images } = status;
  if (!images?.some(({ names }) => names?.length === 0)) return status;
  return { ...status, images: images.map(({ names, ...image }) => (names?.length ? { ...image, names } : image)) };
}
