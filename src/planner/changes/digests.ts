// Digests of what a plan was made from, whatever the order of the files.
import { createHash } from 'node:crypto';
import type { Manifest } from '../../manifests/manifest.ts';
import type { InputDigest } from './plan.ts';

/** `further`: parts of the input that are no manifests, the short form of a cluster. */
export function digestOf(manifests: readonly Manifest[], further?: unknown): InputDigest {
  const texts = new Set(manifests.map(({ document }) => document.text));
  const parts = [...texts].map((text) => sha256(text.trim()));
  if (further !== undefined) parts.push(sha256(JSON.stringify(further)));
  return { objects: manifests.length, digest: `sha256:${sha256(parts.sort().join('\n'))}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
