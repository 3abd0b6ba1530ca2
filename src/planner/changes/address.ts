// How a plan names an object in one word: `Deployment default/web`.
import type { ObjectRef } from '../../apimachinery/diagnostic.ts';

export function addressOf({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace ? `${namespace}/${name}` : name}`;
}
