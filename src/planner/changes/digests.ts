// Digests of what a plan was made from, whatever the order of the files.
import { createHash } from 'node:crypto';
import type { Manifest } from '../../manifests/manifest.ts';
import type { InputDigest } from './plan.ts';

/** `further`: parts of the input that are no manifests, the short form of a cluster. */
export function digestOf(manifests: readonly Manifest[], further?: unknown): InputDigest {
  const documents = new Set(manifests.map(({ document }) => document));
  const parts = [...new Set([...documents].map((document) => document.digest ?? sha256(document.text.trim())))];
  if (further !== undefined) parts.push(sha256OfJson(further));
  return { objects: manifests.length, digest: `sha256:${sha256(parts.sort().join('\n'))}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The digest of a value's JSON, of which a large cluster's never exists as a whole. */
function sha256OfJson(value: unknown): string {
  const hash = createHash('sha256');
  for (const piece of jsonPieces(value)) hash.update(piece);
  return hash.digest('hex');
}

/** Elements of a list that are written at once. */
const PIECE = 64;
/** Objects inside each other that are looked through for long lists. */
const DEPTH = 3;

/** What JSON.stringify writes, in pieces: long lists come a few elements at a time. */
export function* jsonPieces(value: unknown, depth = DEPTH): Generator<string> {
  if (Array.isArray(value) && value.length > PIECE) {
    for (let i = 0; i < value.length; i += PIECE) {
      yield i === 0 ? '[' : ',';
      yield JSON.stringify(value.slice(i, i + PIECE)).slice(1, -1);
    }
    yield ']';
  } else if (depth > 0 && isPlainObject(value)) {
    let before = '{';
    for (const [key, each] of Object.entries(value)) {
      if (each === undefined || typeof each === 'function' || typeof each === 'symbol') continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* jsonPieces(each, depth - 1);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value) ?? 'null';
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !('toJSON' in value)
  );
}
