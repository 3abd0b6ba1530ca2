// The order in which the keys of a map are written: as people order names with numbers in them.
// Behaviour: go.yaml.in/yaml v2.4.4 sorter.go, Kubernetes v1.36.3.

/** So many orders are known by heart. */
const REMEMBERED = 4096;

/** The orders of keys that came before: objects of a kind mostly have the same ones. */
const orders = new Map<string, { readonly keys: readonly string[]; readonly sorted: readonly string[] }>();

/** The keys that have a value. */
export function sortedKeys(map: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(map).filter((key) => map[key] !== undefined);
  if (keys.length < 2) return keys;
  const text = keys.join();
  const known = orders.get(text);
  if (known && known.keys.length === keys.length && known.keys.every((key, i) => key === keys[i])) return known.sorted;
  const sorted = keys.toSorted(compareKeys);
  if (orders.size >= REMEMBERED) orders.clear();
  orders.set(text, { keys, sorted });
  return sorted;
}

const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** Letters after everything else, runs of digits by their number. */
function compareKeys(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i] ?? '', b[i] ?? ''];
    if (x === y) continue;
    const [isLetter, isOtherLetter] = [LETTER.test(x), LETTER.test(y)];
    if (isLetter && isOtherLetter) return codeOf(x) - codeOf(y);
    if (isLetter || isOtherLetter) return isOtherLetter ? -1 : 1;
    const startsAt = (x === '0' || y === '0') && followsNonZero(a, i) ? 1 : 0;
    const [number, end] = digitsFrom(a, i, startsAt);
    const [otherNumber, otherEnd] = digitsFrom(b, i, startsAt);
    if (number !== otherNumber) return number - otherNumber;
    if (end !== otherEnd) return end - otherEnd;
    return codeOf(x) - codeOf(y);
  }
  return a.length - b.length;
}

/** Whether the digits before this place hold another one than zero. */
function followsNonZero(chars: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && DIGIT.test(chars[i] ?? ''); i--) if (chars[i] !== '0') return true;
  return false;
}

function digitsFrom(chars: readonly string[], at: number, start: number): readonly [number, number] {
  let value = start;
  let end = at;
  for (; end < chars.length && DIGIT.test(chars[end] ?? ''); end++) value = value * 10 + codeOf(chars[end] ?? '') - 48;
  return [value, end];
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
