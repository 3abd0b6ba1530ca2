// Keys that stand twice in a text whose fields no type describes.
// Behaviour: sigs.k8s.io/json internal/golang/encoding/json/decode.go (saveStrictError), Kubernetes v1.36.3.
import type { JsonTree } from './json-tree.ts';

/** The strict errors, by path, in the order in which a reader meets them. */
export function repeatedFields({ value, irregular }: JsonTree): readonly string[] {
  if (!irregular) return [];
  const found: string[] = [];
  const visit = (each: unknown, path: string): void => {
    if (Array.isArray(each)) for (const [i, item] of each.entries()) visit(item, `${path}[${i}]`);
    else if (typeof each === 'object' && each !== null) {
      const seen = new Set<string>();
      for (const [key, inner] of irregular.get(each) ?? Object.entries(each)) {
        const below = path === '' ? key : `${path}.${key}`;
        if (seen.has(key)) found.push(`duplicate field "${below}"`);
        seen.add(key);
        visit(inner, below);
      }
    }
  };
  visit(value, '');
  return found;
}
