// What a DaemonSet is when its manifest does not say.
// Behaviour: pkg/apis/apps/v1/{defaults,conversion}.go, Kubernetes v1.36.3.
import type { DaemonSet, DaemonSetUpdateStrategy } from '../../../schema/generated/types/apps-v1.ts';
import { defaultPodTemplate } from '../../core/pod-spec/defaults.ts';
import { templateGenerationOf, withTemplateGeneration } from './template-generation.ts';

const DEFAULT_REVISION_HISTORY_LIMIT = 10;

export function defaultDaemonSet(set: DaemonSet): DaemonSet {
  const { spec } = set;
  return {
    // Within the server the generation is a field, which every version of the wire writes as an annotation.
    ...withTemplateGeneration(set, templateGenerationOf(set)),
    spec: {
      ...spec,
      template: defaultPodTemplate(spec.template),
      updateStrategy: defaultUpdateStrategy(spec.updateStrategy),
      revisionHistoryLimit: spec.revisionHistoryLimit ?? DEFAULT_REVISION_HISTORY_LIMIT,
    },
  };
}

/** Details of another strategy have no defaults, but the internal ones are no pointers: they are 0. */
function defaultUpdateStrategy({ type: given, rollingUpdate }: DaemonSetUpdateStrategy): DaemonSetUpdateStrategy {
  const type = given || 'RollingUpdate';
  if (type === 'RollingUpdate') return { type, rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...rollingUpdate } };
  return rollingUpdate ? { type, rollingUpdate: { maxUnavailable: 0, maxSurge: 0, ...rollingUpdate } } : { type };
}
