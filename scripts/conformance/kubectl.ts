// Answers recorded kubectl command lines on recorded clusters with what kubeplan's kubectl commands print.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { KubeObject } from '../../src/apimachinery/object.ts';
import { mustParseTime } from '../../src/apimachinery/time/time.ts';
import { type ClusterView, viewOfObjects } from '../../src/cli/kubectl/cluster-view.ts';
import { runKubectl as run } from '../../src/cli/kubectl/run-kubectl.ts';
import { fileRecord } from '../../src/planner/apply/kubectl/input/file-record.ts';
import { restoreObjects } from '../../src/planner/inventory/load-inventory.ts';
import { loadValidationParts } from '../../src/planner/parts.ts';
import { World } from '../../src/planner/world.ts';
import { readCases } from './cases.ts';

interface KubectlCase {
  readonly id: string;
  readonly now: string;
  readonly objectsRef: string;
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

type Parts = Awaited<ReturnType<typeof loadValidationParts>>;

const VERSION = '1.36';

export async function runKubectl(path: string, write: (line: string) => void): Promise<void> {
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  const parts = await loadValidationParts(undefined);
  const states = new Map<string, RecordedState>();
  const stateOf = (name: string): RecordedState => {
    const known = states.get(name);
    if (known) return known;
    const file = JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString('utf8')) as {
      readonly objects: readonly KubeObject[];
    };
    const state = new RecordedState(file.objects, parts);
    states.set(name, state);
    return state;
  };
  for (const { id, now, objectsRef, args, files, stdin } of readCases<KubectlCase>(path)) {
    try {
      const state = stateOf(objectsRef);
      const millis = mustParseTime(now);
      const context = {
        view: state.view,
        // The recording tells the second only: the middle of it is the nearest to what it was.
        now: millis + 500,
        files: fileRecord(files ?? {}, stdin),
        env: {},
        cluster: () => ({ server: state.worldAt(millis).server, kubernetesVersion: VERSION }) as const,
      };
      write(JSON.stringify({ id, ...run(args, context) }));
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      write(JSON.stringify({ id, stdout: '', stderr: text, exitCode: -1 }));
    }
  }
}

/** One recorded cluster: what is looked at, and the server that commands write to. */
class RecordedState {
  readonly view: ClusterView;
  readonly #objects: readonly KubeObject[];
  readonly #parts: Parts;
  #world: World | undefined;

  constructor(objects: readonly KubeObject[], parts: Parts) {
    this.view = viewOfObjects(objects);
    this.#objects = objects;
    this.#parts = parts;
  }

  /** A server of its own for one command: what it changes is not there for the next. */
  worldAt(now: number): World {
    this.#world ??= this.#restored(now);
    const world = this.#world.fork();
    world.clock.now = now;
    return world;
  }

  #restored(now: number): World {
    const kubernetes = { version: VERSION, featureGates: {}, flags: {} } as const;
    const world = new World({ kubernetes, ...this.#parts, startAt: now });
    const isDefinition = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition';
    const inOrder = [...this.#objects.filter(isDefinition), ...this.#objects.filter((object) => !isDefinition(object))];
    restoreObjects(world, inOrder as unknown as Readonly<Record<string, unknown>>[], VERSION);
    return world;
  }
}
