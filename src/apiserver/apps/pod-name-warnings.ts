// What is said about the name of a workload whose pods are named after it.
// Behaviour: WarningsOnCreate in pkg/registry/apps/{deployment,replicaset}/strategy.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { isDns1123Label } from '../../apimachinery/validation/names.ts';

const NOT_A_LABEL =
  'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';

export function podNameWarnings({ metadata: { name = '' } }: KubeObject): readonly string[] {
  const messages = isDns1123Label(name);
  return messages.length > 0 ? [`${NOT_A_LABEL}: [${messages.join(' ')}]`] : [];
}
