// Why devices cannot be allocated at all, or not on one node.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/allocator.go (ErrFailedAllocationOnNode), Kubernetes v1.36.3.

/** Something is wrong with a claim, a class or an expression: no node can help. */
export class AllocationError extends Error {}

/** The search took too long: another attempt may be luckier, so upstream has it. */
export class AllocationTimeout extends Error {}

/** The node alone is to blame; others may do. */
export class NodeAllocationError extends Error {}
