// Allocations of devices that are decided but not written, and how many pods of a group count on each.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dra_manager.go (inFlightAllocations), Kubernetes v1.36.3.
import type { AllocationResult } from '../../../schema/generated/types/resource-v1.ts';

export class PendingAllocations {
  readonly #shares = new Map<string, { readonly result: AllocationResult; count: number }>();

  get(uid: string): AllocationResult | undefined {
    return this.#shares.get(uid)?.result;
  }

  results(): AllocationResult[] {
    return [...this.#shares.values()].map(({ result }) => result);
  }

  /** The result that is already pending for the claim stays. */
  share(uid: string, result: AllocationResult): void {
    const share = this.#shares.get(uid);
    if (share) share.count++;
    else this.#shares.set(uid, { result, count: 1 });
  }

  /** True when nobody else counts on the allocation, which is not pending any more then. */
  release(uid: string): boolean {
    const share = this.#shares.get(uid);
    if (!share) return false;
    share.count--;
    if (share.count > 0) return false;
    return this.#shares.delete(uid);
  }

  /** For an allocation that is written: whoever counts on it finds it in the claim. */
  settle(uid: string): void {
    this.#shares.delete(uid);
  }
}
