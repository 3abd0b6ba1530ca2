// Many files judged by several threads: however the work falls out between them, the report is that of one thread.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CommandInput } from '../../../src/cli/command.ts';
import { PROCESS_FILES } from '../../../src/cli/process-io.ts';
import { mergeBlocks } from '../../../src/cli/threads/judge-in-threads.ts';
import { claimTable, type JudgedBlock, Share, withParams } from '../../../src/cli/threads/share.ts';
import { threadsFor } from '../../../src/cli/threads/threads-for.ts';
import { listFiles } from '../../../src/manifests/read.ts';
import { runCommand } from '../test-io.ts';

const FILES = 200;
const OPTIONS = {
  fieldValidation: 'Strict',
  ignoreMissingSchemas: false,
  ignoreMissingReferences: false,
  errors: 0,
} as const;

const threads = suite<{ folder: string; files: readonly string[]; given: CommandInput; alone: string }>('threads');

threads.before(async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
  mkdirSync(join(folder, 'sub'));
  for (let i = 0; i < FILES; i++)
    writeFileSync(join(folder, i % 3 ? 'sub' : '.', `${String(i).padStart(3, '0')}.yaml`), manifest(i));
  context.folder = folder;
  context.given = { arguments: [], options: { filename: [folder], recursive: true, namespace: 'default' } };
  context.files = listFiles([folder], true, PROCESS_FILES).files;
  const { stdout } = await runCommand(['validate', '-R', '-f', folder, '-o', 'json']);
  context.alone = stdout;
});
threads.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

threads('any split of the work gives the report of one thread', async ({ files, given, alone }) => {
  const io = { files: PROCESS_FILES };
  const limits = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(limits, limits, async (reads, judges) => {
      const table = claimTable(files.length);
      const shares = [...reads, Number.POSITIVE_INFINITY].map((limit) => {
        const share = new Share(files, given, io);
        return { share, read: share.read(table, limit) };
      });
      const found = {
        common: shares.flatMap(({ read }) => read.common).sort((a, b) => a.index - b.index),
        groups: shares.flatMap(({ read }) => read.groups),
      };
      const task = { ground: withParams(found, files, io), options: OPTIONS, kubernetesVersion: undefined };
      const claims = claimTable(files.length);
      const blocks: JudgedBlock[] = [];
      for (const [i, { share }] of shares.entries())
        blocks.push(...(await share.judge(task, claims, judges[i] ?? Number.POSITIVE_INFINITY)));
      // Whoever is left takes the rest.
      blocks.push(...(await shares[0]!.share.judge(task, claims)));
      blocks.sort(([a], [b]) => a - b);
      const report = await mergeBlocks(blocks, task, given, io);
      assert.is(JSON.stringify(report), JSON.stringify(JSON.parse(alone)));
    }),
    { numRuns: 12 },
  );
});
threads('the program as it is published says the same with two threads as with one', ({ folder }) => {
  const dist = join(folder, 'dist');
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts', dist], { stdio: 'pipe' });
  const many = join(folder, 'many');
  for (let copy = 0; copy < 16; copy++) {
    mkdirSync(join(many, String(copy)), { recursive: true });
    for (let i = 0; i < FILES; i++) writeFileSync(join(many, String(copy), `${i}.yaml`), manifest(i));
  }
  const run = (count: string) => {
    const args = [join(dist, 'bin.js'), 'validate', '-R', '-f', many, '-o', 'json', '--kubernetes-version', '1.34'];
    const env = { ...process.env, KUBEPLAN_THREADS: count };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, maxBuffer: 2 ** 28 });
    assert.is(status, 3, String(stderr));
    return createHash('sha256').update(stdout).digest('hex');
  };
  assert.is(run('2'), run('1'));
});
threads('few files take one thread, many take as many as there are', () => {
  assert.equal(
    [1, 400, 2999, 3000, 10_000].map((files) => threadsFor(files, 4)),
    [1, 1, 1, 2, 4],
  );
});

/** Its parameters stand in another file. */
const POLICY = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: cpu}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods, limitranges, configmaps]}]
  validations:
    - expression: object.kind != 'Pod' || object.spec.containers.all(c, quantity(c.?resources.?limits[?'cpu'].orValue('0')).compareTo(quantity(params.data.most)) <= 0)
    - expression: object.kind != 'LimitRange' || !object.metadata.name.endsWith('50')
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: cpu}
spec: {policyName: cpu, validationActions: [Deny], paramRef: {name: limits, namespace: default, parameterNotFoundAction: Deny}}
`;

/** What decides about others stands anywhere among those it decides about. */
function manifest(i: number): string {
  const name = `x${i}`;
  const namespace = `n${i % 7}`;
  switch (i % 10) {
    case 0:
      return `apiVersion: v1\nkind: LimitRange\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec:\n  limits: [{type: Container, max: {cpu: "${(i % 3) + 1}"}}]\n`;
    case 1:
      return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n  labels: {pod-security.kubernetes.io/enforce: ${i % 2 ? 'baseline' : 'restricted'}}\n`;
    case 2:
      return `apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: ${name}}\nvalue: ${i}\n---\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {hard: {pods: "${i % 4}"}}\n`;
    case 3:
      return `apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: job-, namespace: ${namespace}}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {restartPolicy: Never, serviceAccountName: x${i + 3}, containers: [{name: c, image: i, envFrom: [{configMapRef: {name: ${name}}}]}]}\n`;
    case 4:
      return `apiVersion: v1\nkind: Pod\nmetadata: {generateName: Bad_, namespace: ${namespace}}\nspec: {containers: [{name: c, image: i}]}\n`;
    case 5:
      return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {type: NodePort, ports: [{port: 80}], selector: {app: x${i - (i % 20)}}}\n`;
    case 6:
      return `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: ${namespace}}\n`;
    case 7:
      if (i === 37) return POLICY;
      if (i === 77) return 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits}\ndata: {most: "2"}\n';
      return `apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: ${name}}\n`;
    default:
      return `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec:\n  priorityClassName: x${i % 5 ? 12 : 999}\n  hostNetwork: ${i % 4 === 0}\n  containers: [{name: c, image: i, resources: {limits: {cpu: ${i % 4}, memory: 1Gi}}}]\n`;
  }
}
threads.run();
