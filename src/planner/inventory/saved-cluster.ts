// A settled cluster as a description that `--cluster` reads: work goes on from where a plan ends.
import type { JsonMap } from '../../apimachinery/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatTime } from '../../apimachinery/time/time.ts';
import { onWire } from '../../apiserver/http-request.ts';
import type { KubernetesOptions } from '../kubernetes-options.ts';
import type { World } from '../world.ts';
import type { ClusterFile } from './cluster-file.ts';
import { nodeNamesOf } from './short-form.ts';

export interface SavedCluster {
  /** What no object says: versions, loads, timings, the cloud. */
  readonly file: ClusterFile;
  readonly objects: readonly JsonMap[];
}

export function savedCluster(
  world: World,
  described: ClusterFile | undefined,
  { version, featureGates }: KubernetesOptions,
): SavedCluster {
  const { reader } = world.server;
  const objects = reader.resources().flatMap((resource) => reader.list<KubeObject>(resource));
  // Nodes, classes and further objects are among the objects now.
  const { nodes = [], storageClasses: _, objects: __, staticPods: given, ...spec } = described?.spec ?? {};
  const names = new Set(reader.list<KubeObject>('nodes').map(({ metadata }) => metadata.name ?? ''));
  const onGroups = nodes.flatMap((group) =>
    group.staticPods ? nodeNamesOf(group).map((name) => [name, group.staticPods ?? []] as const) : [],
  );
  const staticPods = [...onGroups, ...Object.entries(given ?? {})].filter(([name]) => names.has(name));
  return {
    file: {
      apiVersion: 'kubeplan.dev/v1',
      kind: 'Cluster',
      spec: {
        ...spec,
        kubernetesVersion: spec.kubernetesVersion ?? version,
        ...(Object.keys(featureGates).length > 0 ? { featureGates } : {}),
        ...(staticPods.length > 0 ? { staticPods: Object.fromEntries(staticPods) } : {}),
        time: formatTime(world.clock.now),
      },
    },
    objects: objects.map((object) => onWire(object, version)),
  };
}
