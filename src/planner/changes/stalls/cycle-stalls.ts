// What never came to rest and was stopped, as findings: pods that are made again and again, values that are set back and forth.
import type { Diagnostic } from '../../../apimachinery/diagnostic.ts';
import { apiVersionOf, resourceNameOf } from '../../../apiserver/resource.ts';
import type { ResourceCatalog } from '../../../apiserver/resource-catalog.ts';
import type { Cycle } from '../../engine/cycles.ts';

export function cycleStalls(cycles: readonly Cycle[], catalog: ResourceCatalog): Diagnostic[] {
  const kindOf = (name: string) => catalog.all().find((resource) => resourceNameOf(resource) === name);
  return cycles.map(({ who, object, kind, target, times }) => {
    const resource = kindOf(object.resource);
    const what = kindOf(target.resource)?.kind ?? target.resource;
    return {
      severity: 'error',
      code: 'StalledCycle',
      message:
        kind === 'recreates'
          ? `goes in circles: ${what}s that it makes end and are made anew (${times} times, then the simulation stopped ${who} here)`
          : `goes in circles: sets ${what} ${target.key} back and forth (${times} times, then the simulation stopped ${who} here)`,
      object: {
        apiVersion: resource ? apiVersionOf(resource) : '',
        kind: resource?.kind ?? object.resource,
        ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
        name: object.name,
      },
      nextStep: 'Look at `kubeplan events` for what repeats.',
    };
  });
}
