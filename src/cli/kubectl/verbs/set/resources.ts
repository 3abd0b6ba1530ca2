// `kubectl set resources`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_resources.go, Kubernetes v1.36.3.
import type { ParsedArguments } from '../../arguments.ts';
import { KubectlError } from '../../outcome.ts';
import { resourceList } from '../create/key-values.ts';
import { containersOf, isMutable, type MutableJson } from '../mutated-patch.ts';
import { isMeant } from './pairs.ts';
import { onPodSpecs, type Setter } from './setter.ts';

const ERR_NOTHING = 'you must specify an update to requests or limits (in the form of --requests/--limits)';

export function setResources(given: ParsedArguments): Setter {
  const limits = given.value('limits') ?? '';
  const requests = given.value('requests') ?? '';
  const wanted = { limits: resourceList(limits), requests: resourceList(requests) };
  const pattern = given.value('containers') ?? '*';
  return onPodSpecs({
    words: given.arguments.slice(1),
    operation: 'resource requirements updated',
    failure: 'failed to patch resources update to pod template',
    check() {
      if (limits === '' && requests === '') throw new KubectlError(ERR_NOTHING);
    },
    change(spec) {
      const all = [...containersOf(spec, 'containers'), ...containersOf(spec, 'initContainers')];
      const meant = all.filter((container) => isMeant(String(container['name']), pattern));
      for (const container of meant) update(container, wanted);
      return meant.length > 0 ? [] : [`unable to find container named ${pattern}`];
    },
  });
}

type Amounts = Readonly<Record<string, string>>;

function update(container: MutableJson, wanted: { readonly limits: Amounts; readonly requests: Amounts }): void {
  const given = container['resources'];
  const resources = isMutable(given) ? given : {};
  container['resources'] = resources;
  for (const field of ['limits', 'requests'] as const) {
    if (Object.keys(wanted[field]).length === 0) continue;
    const current = resources[field];
    resources[field] = { ...(isMutable(current) ? current : {}), ...wanted[field] };
  }
}
