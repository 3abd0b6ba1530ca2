// A small cluster with an API server, and kubectl on it.
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { mustParseTime } from '../../../src/apimachinery/time/time.ts';
import { viewOfObjects } from '../../../src/cli/kubectl/cluster-view.ts';
import type { Outcome } from '../../../src/cli/kubectl/outcome.ts';
import { runKubectl } from '../../../src/cli/kubectl/run-kubectl.ts';
import { fileRecord } from '../../../src/planner/apply/kubectl/input/file-record.ts';
import { restoreBootstrap, restoreObjects } from '../../../src/planner/inventory/load-inventory.ts';
import { loadValidationParts } from '../../../src/planner/parts.ts';
import { World } from '../../../src/planner/world.ts';

const VERSION = '1.36';
const NOW = mustParseTime('2026-01-01T00:10:00Z');
const parts = await loadValidationParts(undefined);

export class TestCluster {
  readonly world: World;

  constructor(objects: readonly Readonly<Record<string, unknown>>[] = []) {
    this.world = new World({ kubernetes: { version: VERSION, featureGates: {}, flags: {} }, ...parts, startAt: NOW });
    restoreObjects(this.world, objects, VERSION);
    restoreBootstrap(this.world, VERSION);
  }

  /** `edit` is what the user's editor makes of a text. */
  kubectl(
    line: string | readonly string[],
    files: Readonly<Record<string, string>> = {},
    stdin = '',
    edit?: (text: string) => string,
  ): Outcome {
    const { reader } = this.world.server;
    return runKubectl(typeof line === 'string' ? line.split(' ') : line, {
      view: viewOfObjects(reader.resources().flatMap((resource) => reader.list<KubeObject>(resource))),
      now: NOW,
      files: fileRecord(files, stdin),
      env: {},
      ...(edit ? { edit } : {}),
      cluster: () => ({ server: this.world.server, kubernetesVersion: VERSION }),
    });
  }

  /** What a JSONPath finds in an object: `deploy/web {.spec.replicas}`. */
  look(text: string): string {
    const [name = '', ...path] = text.split(' ');
    return this.kubectl(['get', name, '-o', `jsonpath=${path.join(' ')}`]).stdout;
  }
}
