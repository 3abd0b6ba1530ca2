// Arguments that name objects, and after them those that say what to change.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (GetResourcesAndPairs) and cmd/set/helper.go (selectContainers),
// Kubernetes v1.36.3.
import { KubectlError } from '../../outcome.ts';

export function splitPairs(
  args: readonly string[],
  what: string,
): { readonly words: readonly string[]; readonly pairs: readonly string[] } {
  const words: string[] = [];
  const pairs: string[] = [];
  for (const argument of args) {
    const isPair = argument.indexOf('=') > 0 || (argument.endsWith('-') && argument !== '-');
    if (isPair) pairs.push(argument);
    else if (pairs.length > 0)
      throw new KubectlError(`all resources must be specified before ${what} changes: ${argument}`);
    else words.push(argument);
  }
  return { words, pairs };
}

/** Whether a container's name is meant by a pattern with stars. */
export function isMeant(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}
