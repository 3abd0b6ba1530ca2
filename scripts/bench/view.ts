// How fast the terminal view is on a plan of 20,000 changes: the bundle in a real terminal (tmux in control mode, 80 × 24), from the start
// of the process to the first frame, and from each key to the frame that answers it.
// usage: npm run bench -- view [DEPLOYMENTS REPLICAS]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE, buildBundle } from './bundle.ts';
import { ControlledTerminal } from './controlled-terminal.ts';

/** Milliseconds: what a reader takes for at once. */
const OPEN_GOAL = 1000;
const KEY_GOAL = 50;
const PLAN = ['plan', '-f', 'manifests.yaml', '--cluster', 'cluster.yaml'];

/** What a reader does, by the keys that tmux sends; each of them changes the screen of a plan of 200 Deployments. */
const KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['down', repeated('Down', 20)],
  ['page down', repeated('NPage', 6)],
  ['unfold', ['g', 'Down', 'Right', 'Down', 'Right']],
  ['to the end and back', ['G', 'g', 'G', 'g']],
  ['next pane and back to changes', [...repeated('Tab', 3), '1']],
  ['filter, a letter each', ['/', 'w', 'e', 'b', '-', '1', '9', 'Enter']],
  ['open and close', ['Down', 'Enter', 'Escape']],
];

interface Opening {
  readonly args: readonly string[];
  readonly runs: number;
  /** None where the plan is made first. */
  readonly goal?: number;
}

export async function benchView(args: readonly string[]): Promise<void> {
  if (spawnSync('tmux', ['-V']).status !== 0) throw new Error('tmux is not installed');
  buildBundle();
  const [deployments = 200, replicas = 98] = args.map(Number);
  const folder = mkdtempSync(join(tmpdir(), 'kubeplan-bench-'));
  try {
    writeInput(folder, deployments, replicas);
    const output = { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30 } as const;
    const planned = execFileSync(process.execPath, [BUNDLE, ...PLAN, '--out', 'plan.json'], output);
    const size = (statSync(join(folder, 'plan.json')).size / 1e6).toFixed(0);
    console.log(`${/^Plan: .*$/m.exec(planned)?.[0]} Saved: ${size} MB.`);
    await measure({ args: ['show', 'plan.json'], runs: 5, goal: OPEN_GOAL }, folder);
    await measure({ args: PLAN, runs: 1 }, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Measured {
  readonly wall: number[];
  readonly cpu: number[];
}

async function measure({ args, runs, goal }: Opening, folder: string): Promise<void> {
  const opened: Measured = { wall: [], cpu: [] };
  const pressed = new Map<string, Measured>(KEYS.map(([name]) => [name, { wall: [], cpu: [] }]));
  for (let run = 0; run < runs; run++) {
    const terminal = await ControlledTerminal.open(80, 24, folder);
    try {
      const started = performance.now();
      terminal.run(`echo "pid=$$"; exec env -u CI ${[process.execPath, BUNDLE, ...args].join(' ')}`);
      const pid = Number((await terminal.until(/pid=(\d+)/))[1]);
      await terminal.until(/enter opens/);
      opened.wall.push(performance.now() - started);
      opened.cpu.push(cpuOf(pid));
      for (const [name, keys] of KEYS) {
        const { wall, cpu } = pressed.get(name)!;
        const before = cpuOf(pid);
        for (const key of keys) wall.push(await terminal.answerTo(key));
        cpu.push((cpuOf(pid) - before) / keys.length);
      }
    } finally {
      terminal.close();
    }
  }
  console.log(
    `\n${`kubeplan ${args.join(' ')}, ms`.padEnd(64)}\n${''.padEnd(24)}   min median    max  cpu median   goal`,
  );
  console.log(row('first frame', opened, goal));
  for (const [name, times] of pressed) console.log(row(`  ${name}`, times, KEY_GOAL));
}

function row(name: string, { wall, cpu }: Measured, goal: number | undefined): string {
  const cells = [Math.min(...wall), median(wall), Math.max(...wall)].map((ms) => ms.toFixed(0).padStart(6));
  return `${name.padEnd(24)}${cells.join(' ')} ${median(cpu).toFixed(0).padStart(11)} ${String(goal ?? '').padStart(6)}`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Milliseconds of the processor that a process has used, in steps of 10; not a number where the system does not tell. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

function repeated(key: string, times: number): string[] {
  return Array.from({ length: times }, () => key);
}

function writeInput(folder: string, deployments: number, replicas: number): void {
  const names = Array.from({ length: deployments }, (_, index) => `web-${index}`);
  const nodes = Math.ceil((deployments * replicas) / 80);
  writeFileSync(join(folder, 'manifests.yaml'), names.map((name) => deploymentOf(name, replicas)).join('---\n'));
  writeFileSync(
    join(folder, 'cluster.yaml'),
    `apiVersion: kubeplan.dev/v1
kind: Cluster
spec:
  nodes: [{name: worker, count: ${nodes}, zones: [a, b, c], capacity: {cpu: "16", memory: 64Gi, pods: "110"}}]
`,
  );
}

function deploymentOf(name: string, replicas: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: web
          image: shop/web:2
          ports: [{containerPort: 8080}]
          env: [{name: LEVEL, value: info}]
          resources: {requests: {cpu: 100m, memory: 128Mi}}
`;
}
