// Whether two pod specs, or parts of them, mean the same.
// Behaviour: [apimachinery]/pkg/api/equality/semantic.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { PodSpec } from '../../../schema/generated/types/core-v1.ts';

const AMOUNT_LISTS: ReadonlySet<string> = new Set(['limits', 'requests', 'overhead']);

/**
 * Amounts are stored in canonical form, but the same amount has one in each of several formats: 1024Mi and 1Gi are one,
 * 1073741824 and 1Gi are two.
 */
const options = {
  isQuantity: (path: readonly string[]) => {
    const last = path.at(-1);
    return AMOUNT_LISTS.has(path.at(-2) ?? '') || last === 'divisor' || last === 'sizeLimit';
  },
};

export function equalSpecs(a: PodSpec, b: PodSpec): boolean {
  return a === b || semanticDeepEqual(a, b, options);
}

export function equalValues(a: unknown, b: unknown): boolean {
  return a === b || semanticDeepEqual(a, b, options);
}
