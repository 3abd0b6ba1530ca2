// `--save-cluster`: the cluster as it is once it has settled, as a file that `--cluster` reads.
import type { Manifest } from '../manifests/manifest.ts';
import { savedCluster } from '../planner/inventory/saved-cluster.ts';
import type { PlanInput } from '../planner/make-plan.ts';
import type { World } from '../planner/world.ts';
import { jsonText } from '../report/kubectl/json-output.ts';
import { yamlText } from '../report/kubectl/yaml-output.ts';

/** A list where the file is called .json, else documents. `scheduler`: kube-scheduler's configuration, which goes along. */
export function clusterText(
  path: string,
  world: World,
  { cluster, kubernetes }: Pick<PlanInput, 'cluster' | 'kubernetes'>,
  scheduler: Manifest | undefined,
): string {
  const { file, objects } = savedCluster(world, cluster?.file, kubernetes);
  const all: readonly unknown[] = [file, ...(scheduler ? [scheduler.value] : []), ...objects];
  return path.endsWith('.json')
    ? jsonText({ apiVersion: 'v1', kind: 'List', items: all })
    : all.map(yamlText).join('---\n');
}
