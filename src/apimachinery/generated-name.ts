// The name that generateName leads to: the base cut to fit and five characters that follow from a seed and a counter.
// Behaviour: staging/src/k8s.io/apiserver/pkg/storage/names/generate.go, Kubernetes v1.36.3.
// Differs: upstream draws the characters at random; here the same seed and counter always give the same ones.
import { firstBytes } from './go/utf8.ts';
import { fnv32a, SAFE_ALPHABET } from './hash.ts';

const MAX_NAME_LENGTH = 63;
const SUFFIX_LENGTH = 5;
const MAX_GENERATED_NAME_BASE = MAX_NAME_LENGTH - SUFFIX_LENGTH;

const BASE = SAFE_ALPHABET.length;
const SUFFIX_COUNT = BASE ** SUFFIX_LENGTH;

export function generateName(base: string, seed: string | number, counter: number): string {
  return truncateBase(base) + nextSuffix(seed, counter);
}

export function truncateBase(base: string): string {
  return firstBytes(base, MAX_GENERATED_NAME_BASE);
}

/** For one seed, counters below 27^5 give suffixes that all differ: every step below is a permutation of 0 … 27^5 - 1. */
export function nextSuffix(seed: string | number, counter: number): string {
  return suffixesOf(seed)(counter);
}

/** The suffixes of one seed by counter. */
export function suffixesOf(seed: string | number): (counter: number) => string {
  const key = fnv32a(String(seed));
  const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
    factor: factor(key, round),
    offset: fnv32a(`${round}/${key}`) % SUFFIX_COUNT,
  }));
  return (counter) => {
    let value = counter % SUFFIX_COUNT;
    for (const { factor, offset } of rounds) value = reverseDigits((value * factor + offset) % SUFFIX_COUNT);
    let suffix = '';
    for (let i = 0; i < SUFFIX_LENGTH; i++) {
      suffix += SAFE_ALPHABET.charAt(value % BASE);
      value = Math.floor(value / BASE);
    }
    return suffix;
  };
}

const ROUNDS = 3;

/** Prime to 27^5, and small enough for the product to stay exact. */
function factor(key: number, round: number): number {
  const candidate = (fnv32a(`${key}/${round}`) % 1_000_000) + 1_000_000;
  return candidate % 3 === 0 ? candidate + 1 : candidate;
}

function reverseDigits(value: number): number {
  let rest = value;
  let out = 0;
  for (let i = 0; i < SUFFIX_LENGTH; i++) {
    out = out * BASE + (rest % BASE);
    rest = Math.floor(rest / BASE);
  }
  return out;
}
