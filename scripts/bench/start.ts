// How long a cold start takes: the bundle as a user starts it, whole process, beside the bare start of Node in the same run.
import { execFileSync } from 'node:child_process';
import { BUNDLE, buildBundle } from './bundle.ts';

const RUNS = 15;
const DEPLOYMENT = 'fixtures/guestbook/create/manifests/frontend.yaml';

interface Row {
  readonly name: string;
  readonly args: readonly string[];
  /** Milliseconds that the median must stay below; none for what only compares. */
  readonly goal?: number;
}

const ROWS: readonly Row[] = [
  { name: 'node alone', args: ['-e', '0'] },
  { name: 'kubeplan --version', args: [BUNDLE, '--version'], goal: 120 },
  { name: 'kubeplan validate, one Deployment', args: [BUNDLE, 'validate', '-f', DEPLOYMENT], goal: 300 },
  {
    name: 'kubeplan plan, guestbook',
    args: [
      BUNDLE,
      'plan',
      '-f',
      'fixtures/guestbook/create/manifests',
      '--cluster',
      'fixtures/guestbook/create/cluster.yaml',
    ],
    goal: 1000,
  },
];

export async function benchStart(): Promise<void> {
  buildBundle();
  console.log(`${'cold start, ms'.padEnd(36)}   min median    max   goal`);
  for (const { name, args, goal } of ROWS) {
    const times = Array.from({ length: RUNS }, () => timed(args)).sort((a, b) => a - b);
    const cells = [times[0], times[RUNS >> 1], times[RUNS - 1]].map((ms) => ms!.toFixed(0).padStart(6));
    console.log(`${name.padEnd(36)}${cells.join(' ')}${goal === undefined ? '' : String(goal).padStart(7)}`);
  }
}

function timed(args: readonly string[]): number {
  const started = performance.now();
  execFileSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - started;
}
