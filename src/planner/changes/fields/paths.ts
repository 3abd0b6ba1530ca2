// Paths of fields as a plan writes them: `spec.containers[name=web].image`, `metadata.annotations[example.com/owner]`.

export type Step =
  | { readonly key: string }
  | { readonly index: number }
  | { readonly itemKey: string; readonly itemValue: string };

export function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\.?([^.[\]]+)|\[([^\]]*)\]/g)].map(([, name, inner = '']) => {
    if (name !== undefined) return { key: name };
    if (/^\d+$/.test(inner)) return { index: Number(inner) };
    const equals = inner.indexOf('=');
    if (equals > 0 && /^\w+$/.test(inner.slice(0, equals)))
      return { itemKey: inner.slice(0, equals), itemValue: inner.slice(equals + 1) };
    return { key: inner };
  });
}

/** The path without its last step; empty when it has but one. */
export function parentPath(path: string): string {
  return path.endsWith(']') ? path.slice(0, path.lastIndexOf('[')) : path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const step of stepsOf(path)) at = stepInto(at, step)?.value;
  return at;
}

/** The path as keys and indexes of this value, as far as it goes there: `spec.containers[0].image`. */
export function placePath(value: unknown, path: string): string {
  let at = value;
  let place = '';
  for (const step of stepsOf(path)) {
    const next = stepInto(at, step);
    if (!next || next.value === undefined) break;
    at = next.value;
    const isPlain = typeof next.at === 'string' && /^[\w-]+$/.test(next.at);
    place += isPlain ? `${place === '' ? '' : '.'}${next.at}` : `[${next.at}]`;
  }
  return place;
}

function stepInto(value: unknown, step: Step): { readonly at: string | number; readonly value: unknown } | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if ('key' in step) return { at: step.key, value: (value as Readonly<Record<string, unknown>>)[step.key] };
  if (!Array.isArray(value)) return undefined;
  if ('index' in step) return { at: step.index, value: value[step.index] };
  const at = value.findIndex(
    (item) => String((item as Readonly<Record<string, unknown>> | null)?.[step.itemKey]) === step.itemValue,
  );
  return at < 0 ? undefined : { at, value: value[at] };
}
