// A change of a pod that is on a node must be one that the node says it can carry out.
// Behaviour: plugin/pkg/admission/nodedeclaredfeatures/admission.go, [component-helpers]/nodedeclaredfeatures/features, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import { goQuote } from '../../apimachinery/go/quote.ts';
import type { Node, Pod } from '../../schema/generated/types/core-v1.ts';
import { isRestartableInitContainer } from '../core/pod-spec/visit-containers.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { forbid } from './chain/refusal.ts';
import { oldSubjectOf, subjectOf } from './chain/subject.ts';

const NAME = 'NodeDeclaredFeatureValidator';
const RESIZES_POD = 'InPlacePodLevelResourcesVerticalScaling';
const RESIZES_INIT_CONTAINERS = 'InPlacePodVerticalScalingInitContainers';

export const nodeDeclaredFeatureValidator: AdmissionPlugin = {
  name: NAME,
  operations: ['UPDATE'],
  resources: ['pods'],
  subresources: ['', 'resize'],
  validate(attributes, { reader, features }) {
    if (!features.isEnabled('NodeDeclaredFeatures')) return undefined;
    const pod =
      subjectOf<Pod>(attributes, { plural: 'pods' }) ??
      subjectOf<Pod>(attributes, { plural: 'pods', subresource: 'resize' });
    const old = oldSubjectOf<Pod>(attributes);
    const { nodeName } = pod?.spec ?? {};
    // The generation changes with the spec alone.
    if (!pod || !old || !nodeName || pod.metadata.generation === old.metadata.generation) return undefined;
    const required = featuresOfUpdate(pod, old);
    if (required.length === 0) return undefined;
    const node = reader.get<Node>('nodes', undefined, nodeName);
    if (!node) return forbid(attributes, `node ${goQuote(nodeName)} not found`, NAME);
    const lacking = required.filter((feature) => !node.status.declaredFeatures?.includes(feature));
    if (lacking.length === 0) return undefined;
    const text = `pod update requires features ${lacking.join(', ')} which are not available on node ${goQuote(nodeName)}`;
    return forbid(attributes, text, NAME);
  },
};

/** Only features that an update can need; what a new pod needs is the scheduler's affair. */
function featuresOfUpdate({ spec }: Pod, { spec: old }: Pod): readonly string[] {
  const required: string[] = [];
  if (!semanticDeepEqual(spec.resources, old.resources)) required.push(RESIZES_POD);
  const isResized = old.initContainers?.some(
    (container, i) =>
      !isRestartableInitContainer(container) &&
      !semanticDeepEqual(container.resources, spec.initContainers?.[i]?.resources),
  );
  if (isResized) required.push(RESIZES_INIT_CONTAINERS);
  return required;
}
