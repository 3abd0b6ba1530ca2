// What a whole process took, as whoever started it sees it.
import { spawnSync } from 'node:child_process';

export interface Timing {
  /** Wall clock. */
  readonly seconds: number;
  /** Of all processors, in user mode and for the system. */
  readonly cpuSeconds: number;
  /** The most memory that the process held, mebibytes. */
  readonly peak: number;
  /** What it wrote to its standard output, where that was asked for. */
  readonly output: string;
}

/** Ticks of a processor in a second, as Linux counts them for programs. */
const TICKS = 100;

/** Reads what the system accounts to the process, until it has ended and only its account is left. */
const WATCHED = `
"$0" "$@" >&3 2>/dev/null & pid=$!
peak=0 ticks=0
while read -r stat < /proc/$pid/stat; do
  fields=(\${stat##*) })
  ticks=$((fields[11] + fields[12]))
  [ "\${fields[0]}" = Z ] && break
  while read -r key value _; do [ "$key" = VmHWM: ] && peak=$value; done < /proc/$pid/status
  sleep 0.02
done
echo "$peak $ticks" >&2
`;

export function timed(command: string, args: readonly string[], keepsOutput = false): Timing {
  const started = performance.now();
  const { output, stderr } = spawnSync('bash', ['-c', WATCHED, command, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', keepsOutput ? 'pipe' : 'ignore'],
    maxBuffer: 2 ** 30,
  });
  const seconds = (performance.now() - started) / 1000;
  const [peak = 0, ticks = 0] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { seconds, cpuSeconds: ticks / TICKS, peak: peak / 1024, output: output[3] ?? '' };
}
