// Plans for laws: from plain values, and from the cluster that an earlier plan ended in.
import { onWire } from '../../../src/apiserver/http-request.ts';
import { loadInput } from '../../../src/cli/load-input.ts';
import { processIo } from '../../../src/cli/process-io.ts';
import { type Manifest, parseManifests } from '../../../src/manifests/manifest.ts';
import { makePlan } from '../../../src/planner/make-plan.ts';
import type { PlanInput } from '../../../src/planner/plan-input.ts';
import type { World } from '../../../src/planner/world.ts';
import type { Value } from './random-manifests.ts';

type Parts = PlanInput['parts'];
const KUBERNETES = {
  version: '1.36',
  featureGates: {},
  flags: { 'allocate-node-cidrs': 'true', 'cluster-cidr': '10.244.0.0/16' },
} as const;

export type Planned = ReturnType<typeof makePlan>;

/** `asked` is what a fixture's own cluster says of versions, gates and flags. */
export function planOf(
  cluster: readonly Manifest[],
  manifests: readonly Manifest[],
  parts: Parts,
  asked: PlanInput['kubernetes'] = KUBERNETES,
): Planned {
  return makePlan({
    kubernetes: { ...asked, flags: { ...KUBERNETES.flags, ...asked.flags } },
    manifests,
    cluster: { objects: cluster },
    defaultNamespace: 'default',
    parts,
  });
}

/** The input of a fixture, as the command line reads it. */
export async function fixtureInput(manifests: string, cluster: string): Promise<Omit<PlanInput, 'parts'>> {
  const options = { filename: [manifests], cluster, recursive: true };
  return (await loadInput({ arguments: [], options }, processIo())).input;
}

/** Each object in a file of its own. */
export function inFiles(values: readonly Value[]): Manifest[] {
  return values.flatMap((value) => {
    const { name, namespace } = value['metadata'] as { readonly name: string; readonly namespace?: string };
    return parseManifests(`${value['kind']}-${namespace}-${name}.json`, JSON.stringify(value)).manifests;
  });
}

/** Everything that the cluster holds, as `kubectl get -A -o json` writes it. */
export function dumped({ store }: World): Manifest[] {
  const items = store
    .resources()
    .filter((resource) => resource !== 'events')
    .flatMap((resource) => store.list(resource).map((object) => onWire(object, KUBERNETES.version)));
  return [...parseManifests('cluster.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items })).manifests];
}
