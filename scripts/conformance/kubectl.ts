// Answers recorded kubectl command lines on recorded clusters with what kubeplan's kubectl commands print.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { KubeObject } from '../../src/apimachinery/object.ts';
import { mustParseTime } from '../../src/apimachinery/time.ts';
import { type ClusterView, viewOfObjects } from '../../src/cli/kubectl/cluster-view.ts';
import { runKubectl as run } from '../../src/cli/kubectl/run-kubectl.ts';
import { readCases } from './cases.ts';

interface KubectlCase {
  readonly id: string;
  readonly now: string;
  readonly objectsRef: string;
  readonly args: readonly string[];
}

export async function runKubectl(path: string, write: (line: string) => void): Promise<void> {
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  const views = new Map<string, ClusterView>();
  const viewOf = (name: string): ClusterView => {
    const known = views.get(name);
    if (known) return known;
    const state = JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString('utf8')) as {
      readonly objects: readonly KubeObject[];
    };
    const view = viewOfObjects(state.objects);
    views.set(name, view);
    return view;
  };
  for (const { id, now, objectsRef, args } of readCases<KubectlCase>(path)) {
    try {
      write(JSON.stringify({ id, ...run(args, { view: viewOf(objectsRef), now: mustParseTime(now) }) }));
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      write(JSON.stringify({ id, stdout: '', stderr: text, exitCode: -1 }));
    }
  }
}
