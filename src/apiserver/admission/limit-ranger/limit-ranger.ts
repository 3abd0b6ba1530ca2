// Gives containers the namespace's default requests and limits, and refuses pods and claims outside its bounds.
// Behaviour: plugin/pkg/admission/limitranger/admission.go, Kubernetes v1.36.3.
// Differs: several LimitRanges of a namespace count in order of name, which upstream leaves open; so do several resources of one.
import type { LimitRange, PersistentVolumeClaim, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../chain/plugin.ts';
import { forbid } from '../chain/refusal.ts';
import { subjectOf } from '../chain/subject.ts';
import { withDefaultResources } from './defaults.ts';
import { claimLimitError, podLimitError } from './limits.ts';

const NAME = 'LimitRanger';

export const limitRanger: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'persistentvolumeclaims'],
  subresources: ['', 'resize'],

  mutate(attributes, { reader }) {
    const given = limitedPod(attributes);
    if (!given) return undefined;
    let pod = given;
    for (const range of limitRanges(attributes, reader)) pod = withDefaultResources(pod, range);
    return pod === given ? undefined : pod;
  },

  validate(attributes, { reader }) {
    const pod = limitedPod(attributes);
    const claim = pod ? undefined : subjectOf<PersistentVolumeClaim>(attributes, { plural: 'persistentvolumeclaims' });
    if (!pod && !claim) return undefined;
    for (const range of limitRanges(attributes, reader)) {
      const text = pod ? podLimitError(pod.spec, range) : claim && claimLimitError(claim.spec, range);
      if (text !== undefined) return forbid(attributes, text, NAME);
    }
    return undefined;
  },
};

/** A pod whose resources are being decided: when it is created, and when it is resized. */
function limitedPod(attributes: AdmissionAttributes): Pod | undefined {
  const subresource = attributes.operation === 'UPDATE' ? 'resize' : '';
  return subjectOf<Pod>(attributes, { plural: 'pods', subresource });
}

/** What is being deleted is left alone. */
function limitRanges({ namespace, oldObject }: AdmissionAttributes, reader: ClusterReader): readonly LimitRange[] {
  return oldObject?.metadata.deletionTimestamp ? [] : reader.list<LimitRange>('limitranges', namespace);
}
