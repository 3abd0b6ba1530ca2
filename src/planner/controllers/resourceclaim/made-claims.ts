// The claims that the controller made itself: until it comes across them again it takes them for present, even when somebody
// deletes them.
// Behaviour: pkg/controller/resourceclaim/controller.go (claimCache), k8s.io/client-go/tools/cache/mutation_cache.go, Kubernetes v1.36.3.
import type { ResourceClaim } from '../../../schema/generated/types/resource-v1.ts';

const LASTS = 3_600_000;
const MOST = 100;

interface Made {
  readonly owner: string;
  readonly entry: string;
  readonly name: string;
  readonly at: number;
  /** The sync that made it: during that one no cache has heard of it. */
  readonly sync: number;
}

export class MadeClaims {
  /** By namespace and name, the oldest first. */
  readonly #made = new Map<string, Made>();
  #sync = 0;

  startSync(): void {
    this.#sync += 1;
  }

  remember({ metadata }: ResourceClaim, owner: string, entry: string, now: number): void {
    const { namespace, name = '' } = metadata;
    this.#made.set(`${namespace}/${name}`, { owner, entry, name, at: now, sync: this.#sync });
    const [oldest] = this.#made.keys();
    if (this.#made.size > MOST && oldest !== undefined) this.#made.delete(oldest);
  }

  /** The name of the claim for this entry. Claims of the owner that are `stored` are forgotten: others know of them by now. */
  find(owner: string, entry: string, stored: readonly ResourceClaim[], now: number): string | undefined {
    for (const { metadata } of stored) {
      const key = `${metadata.namespace}/${metadata.name}`;
      if ((this.#made.get(key)?.sync ?? this.#sync) < this.#sync) this.#made.delete(key);
    }
    for (const made of this.#made.values())
      if (made.owner === owner && made.entry === entry && now < made.at + LASTS) return made.name;
    return undefined;
  }
}
