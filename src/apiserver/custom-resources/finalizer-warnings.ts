// What the server remarks on the finalizers that a custom resource gains.
// Behaviour: [apiextensions-apiserver]/pkg/registry/customresource/{strategy,validator}.go (validateKubeFinalizerName), Kubernetes v1.36.3.
import { compareBytes } from '../../apimachinery/go/json.ts';
import { goQuote } from '../../apimachinery/go/quote.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { isQualifiedName } from '../../apimachinery/validation/names.ts';

const FIELD = 'metadata.finalizers';
const STANDARD: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);
const PREFER_PATH =
  'prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers';
const PREFER_DOMAIN =
  'prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers';

export function finalizerWarnings(object: KubeObject, old?: KubeObject): readonly string[] {
  const before = new Set(old?.metadata.finalizers);
  const added = new Set((object.metadata.finalizers ?? []).filter((name) => !before.has(name)));
  return [...added].sort(compareBytes).flatMap(warningsOf);
}

function warningsOf(name: string): readonly string[] {
  const said = isQualifiedName(name);
  const isPlain = !name.includes('/') && !STANDARD.has(name);
  const advice = isPlain ? [name.includes('.') ? PREFER_PATH : PREFER_DOMAIN] : [];
  return [...said, ...advice].map((text) => `${FIELD}: ${goQuote(name)}: ${text}`);
}
