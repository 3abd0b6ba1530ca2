// Searches for devices that took too long: the same search is not made again as long as claims and devices are the same.
import type { ResourceClaim } from '../../../../../schema/generated/types/resource-v1.ts';
import type { DeviceSupply } from '../devices/device-supply.ts';
import { claimText } from './device-requests.ts';

export class LostSearches {
  /** By claims and node, what there was to search. */
  readonly #lost = new Map<string, string>();

  has(supply: DeviceSupply, nodeName: string, claims: readonly ResourceClaim[]): boolean {
    if (this.#lost.size === 0) return false;
    return this.#lost.get(keyOf(nodeName, claims)) === stateOf(supply);
  }

  add(supply: DeviceSupply, nodeName: string, claims: readonly ResourceClaim[]): void {
    this.#lost.set(keyOf(nodeName, claims), stateOf(supply));
  }
}

function keyOf(nodeName: string, claims: readonly ResourceClaim[]): string {
  return JSON.stringify([nodeName, claims.map((claim) => [claimText(claim), claim.spec])]);
}

function stateOf({ slices, allocated }: DeviceSupply): string {
  const { whole, taken } = allocated;
  const shares = [...taken].map(([id, amounts]) => [id, [...amounts].map(([name, amount]) => [name, String(amount)])]);
  return JSON.stringify([slices.versions(), [...whole].sort(), shares]);
}
