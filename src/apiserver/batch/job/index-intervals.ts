// Reads lists of indexes such as "1,3-5,7", as statuses and success policies of indexed Jobs write them.
// Behaviour: pkg/apis/batch/validation/validation.go (validateIndexesFormat, validateFailedIndexesNotOverlapCompleted),
// Kubernetes v1.36.3.
import { parseGoInt } from '../../../apimachinery/go/int.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';

type Interval = readonly [first: number, last: number];

/** How many indexes the text names, or what is wrong with it. */
export function countIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let previous: number | undefined;
  let total = 0;
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions);
    if (typeof interval === 'string') return interval;
    const [first, last] = interval;
    if (previous !== undefined && previous >= first) return notIncreasing(previous, first);
    total += last - first + 1;
    previous = last;
  }
  return total;
}

function notIncreasing(previous: number, current: number): string {
  return `non-increasing order, previous: ${previous}, current: ${current}`;
}

function parseInterval(text: string, completions: number): Interval | string {
  const limits = text.split('-');
  if (limits.length > 2) {
    return `the fragment ${goQuote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  }
  const first = parseIndex(limits[0] ?? '', completions);
  if (typeof first === 'string' || limits.length === 1) return typeof first === 'string' ? first : [first, first];
  const last = parseIndex(limits[1] ?? '', completions);
  if (typeof last === 'string') return last;
  return first >= last ? notIncreasing(first, last) : [first, last];
}

function parseIndex(text: string, completions: number): number | string {
  const parsed = parseGoInt(text, 64, 'Atoi');
  if (!parsed.ok) return `cannot convert string to integer for index: ${goQuote(text)}`;
  const index = Number(parsed.value);
  return index >= completions ? `too large index: ${goQuote(text)}` : index;
}

/** The first index that stands in both lists; parts that cannot be read are passed over. */
export function commonIndex(completed: string, failed: string, completions: number): number | undefined {
  if (completed === '' || failed === '') return undefined;
  const readable = (text: string) =>
    text.split(',').flatMap((part) => {
      const interval = parseInterval(part, completions);
      return typeof interval === 'string' ? [] : [interval];
    });
  const a = readable(completed);
  const b = readable(failed);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [aFirst, aLast] = a[i] ?? [0, 0];
    const [bFirst, bLast] = b[j] ?? [0, 0];
    if (aFirst <= bLast && bFirst <= aLast) return Math.max(aFirst, bFirst);
    if (aFirst <= bFirst) i += 1;
    else j += 1;
  }
  return undefined;
}
