// Finds the lowest free number of a range, near O(1) a time: it remembers below which number all are taken.
// Differs: Kubernetes draws addresses and ports at random from the same bands.

export class LowestFree {
  readonly from: bigint;
  readonly to: bigint;
  /** Everything below is taken in the store. */
  #next: bigint;

  constructor(from: bigint, to: bigint) {
    this.from = from;
    this.to = to;
    this.#next = from;
  }

  /** The lowest number that is neither taken in the store nor by the request at hand. */
  find(isTaken: (number: bigint) => boolean, isClaimed: (number: bigint) => boolean): bigint | undefined {
    while (this.#next <= this.to && isTaken(this.#next)) this.#next += 1n;
    let number = this.#next;
    while (number <= this.to && (isClaimed(number) || isTaken(number))) number += 1n;
    return number <= this.to ? number : undefined;
  }

  release(number: bigint): void {
    if (number >= this.from && number < this.#next) this.#next = number;
  }

  reset(): void {
    this.#next = this.from;
  }
}
