// A pod stays five minutes on a node that is not ready or cannot be reached, unless it says otherwise.
// Behaviour: plugin/pkg/admission/defaulttolerationseconds/admission.go, Kubernetes v1.36.3.
import type { Pod, Toleration } from '../../schema/generated/types/core-v1.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { subjectOf } from './chain/subject.ts';

const SECONDS = 300;
const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const DEFAULTS: readonly Toleration[] = KEYS.map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: SECONDS,
}));

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  subresources: [''],
  mutate(attributes) {
    const pod = subjectOf<Pod>(attributes, { plural: 'pods' });
    if (!pod) return undefined;
    const tolerations = pod.spec.tolerations ?? [];
    const missing = DEFAULTS.filter(({ key }) => !tolerations.some((given) => concerns(given, key)));
    if (missing.length === 0) return undefined;
    return { ...pod, spec: { ...pod.spec, tolerations: [...tolerations, ...missing] } };
  },
};

/** Only key and effect count: operator, value and seconds may be anything. */
function concerns({ key, effect }: Toleration, wanted: string | undefined): boolean {
  return (!key || key === wanted) && (!effect || effect === 'NoExecute');
}
