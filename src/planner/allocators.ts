// What a real API server draws at random, drawn here from counters, so that the same input gives the same bytes.
// Differs: uids and name suffixes count up instead of being random; the plan says so.
import { suffixesOf } from '../apimachinery/generated-name.ts';
import type { Allocators } from '../apiserver/resource.ts';
import type { Store } from '../apiserver/store/store.ts';

export function deterministicAllocators(store: Store | undefined): Allocators {
  let uids = 0;
  const suffixes = new Map<string, { count: number; readonly at: (counter: number) => string }>();
  return {
    uid() {
      uids += 1;
      // The revision keeps the uids of a fork apart from those of its origin.
      return `${hex(store?.revision ?? 0, 8)}-0000-4000-8000-${hex(uids, 12)}`;
    },
    nameSuffix(base) {
      let known = suffixes.get(base);
      if (!known) suffixes.set(base, (known = { count: 0, at: suffixesOf(base) }));
      known.count += 1;
      return known.at(known.count - 1);
    },
  };
}

function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, '0');
}
