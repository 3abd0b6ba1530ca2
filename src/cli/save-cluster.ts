// `--save-cluster`: the cluster as it is once it has settled, as a file that `--cluster` reads.
import type { Manifest } from '../manifests/manifest.ts';
import { writeYaml } from '../manifests/writer/write-yaml.ts';
import { savedCluster } from '../planner/inventory/saved-cluster.ts';
import type { PlanInput } from '../planner/plan-input.ts';
import type { World } from '../planner/world.ts';
import { jsonListPieces } from '../report/kubectl/json-output.ts';

/**
 * A list where the file is called .json, else documents, object by object. `scheduler`: kube-scheduler's configuration, which goes
 * along.
 */
export function clusterPieces(
  path: string,
  world: World,
  { cluster, kubernetes }: Pick<PlanInput, 'cluster' | 'kubernetes'>,
  scheduler: Manifest | undefined,
): Iterable<string> {
  const { file, objects } = savedCluster(world, cluster?.file, kubernetes);
  const all: readonly unknown[] = [file, ...(scheduler ? [scheduler.value] : []), ...objects];
  return path.endsWith('.json') ? jsonListPieces(all) : yamlPieces(all);
}

function* yamlPieces(all: readonly unknown[]): Generator<string> {
  let before = '';
  for (const each of all) {
    yield before + writeYaml(each);
    before = '---\n';
  }
}
