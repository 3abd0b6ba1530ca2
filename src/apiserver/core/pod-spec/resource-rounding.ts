// Rounds the amounts of a resource list up to thousandths, as the API server does wherever it decodes one.
// Behaviour: pkg/apis/core/v1/defaults.go (SetDefaults_ResourceList), Kubernetes v1.36.3.
import { SCALE_MILLI } from '../../../apimachinery/quantity/amount.ts';
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { merge } from '../../../apimachinery/sharing.ts';
import type { ResourceList } from './aggregate-resources.ts';

interface Amounts {
  readonly limits?: ResourceList;
  readonly requests?: ResourceList;
}

export function roundResources<R extends Amounts>(resources: R): R {
  // Only these two fields are set.
  return merge<Amounts>(resources, {
    limits: resources.limits && roundResourceList(resources.limits),
    requests: resources.requests && roundResourceList(resources.requests),
  }) as R;
}

/** Nothing else in a canonical text can mean less than a thousandth. */
const mayBeFiner = /[un]$|e-/;

export function roundResourceList(list: ResourceList): ResourceList {
  let rounded: Record<string, string> | undefined;
  for (const name in list) {
    const text = list[name] ?? '0';
    if (!mayBeFiner.test(text)) continue;
    const quantity = parseQuantity(text);
    if (quantity === undefined || quantity.scale >= SCALE_MILLI) continue;
    rounded ??= { ...list };
    rounded[name] = quantity.roundUp(SCALE_MILLI).toString();
  }
  return rounded ?? list;
}
