// A plan from the text of manifests and of a cluster file, as the command line makes it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { type Ran, runCommand } from '../cli/test-io.ts';

/** Runs `kubeplan COMMAND… -f MANIFESTS --cluster CLUSTER`. */
export async function runOn(command: readonly string[], manifests: string, cluster: string): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
  try {
    const files = [join(folder, 'manifests.yaml'), join(folder, 'cluster.yaml')] as const;
    writeFileSync(files[0], manifests);
    writeFileSync(files[1], cluster);
    const ran = await runCommand([...command, '-f', files[0], '--cluster', files[1]]);
    const plain = (text: string) => text.replaceAll(`${folder}/`, '');
    return { ...ran, stdout: plain(ran.stdout), stderr: plain(ran.stderr) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function planOf(manifests: string, spec = TWO_NODES): Promise<Plan> {
  const { stdout, stderr } = await runOn(['plan', '-o', 'json'], manifests, clusterFile(spec));
  if (!stdout.startsWith('{')) throw new Error(`no plan: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Plan;
}

export const TWO_NODES = 'nodes: [{name: node, count: 2}]';

/** A Cluster document around the lines of its spec. */
export function clusterFile(spec: string): string {
  const lines = spec.split('\n').map((line) => `  ${line}`);
  return ['apiVersion: kubeplan.dev/v1', 'kind: Cluster', 'spec:', ...lines, ''].join('\n');
}

/** `CODE KIND NAME: MESSAGE` of each diagnostic. */
export function problems({ diagnostics }: Plan): readonly string[] {
  return diagnostics.map(
    ({ code, object, message }) => `${code} ${object ? `${object.kind} ${object.name}: ` : ''}${message}`,
  );
}
