// Runs every test file in processes of its own, as many at once as there are cores, and closes with one line: `N passed, N failed`.
// uvu alone skips a suite that never calls run() and knows no time limit; a file that queued no test, names .only or hangs fails here.
// usage: npm test [-- PATTERN…]    a pattern is a part of the file's path
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const LIMIT_MS = 240_000;
const patterns = process.argv.slice(2);

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.test\.tsx?$/.test(name))
  .map((name) => join('test', name))
  .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)))
  .sort();

interface Outcome {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly trouble?: string;
  readonly output: string;
  readonly seconds: number;
}

function runFile(file: string): Promise<Outcome> {
  const source = readFileSync(file, 'utf8');
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    let output = '';
    let isTimeOut = false;
    const timer = setTimeout(() => {
      isTimeOut = true;
      child.kill('SIGKILL');
    }, LIMIT_MS);
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('close', (code) => {
      clearTimeout(timer);
      const plain = stripVTControlCharacters(output);
      const total = Number(/^\s*Total:\s+(\d+)/m.exec(plain)?.[1] ?? 0);
      const passed = Number(/^\s*Passed:\s+(\d+)/m.exec(plain)?.[1] ?? 0);
      const skipped = Number(/^\s*Skipped:\s+(\d+)/m.exec(plain)?.[1] ?? 0);
      const suites = source.match(/\bsuite\(/g)?.length ?? 0;
      const runs = source.match(/\.run\(\)/g)?.length ?? 0;
      const trouble = isTimeOut
        ? `ran longer than ${LIMIT_MS / 1000} s`
        : total + skipped === 0
          ? 'ran no test'
          : runs < suites
            ? `has ${suites} suites but runs ${runs}`
            : /\.only\(/.test(source)
              ? 'uses .only'
              : code !== 0 && passed === total
                ? `exited with ${code}`
                : undefined;
      const failed = total - passed + (trouble ? 1 : 0);
      const seconds = (performance.now() - started) / 1000;
      resolve({ file, passed, failed, skipped, output: plain, seconds, ...(trouble ? { trouble } : {}) });
    });
  });
}

const outcomes: Outcome[] = [];
const queue = [...files];
async function worker(): Promise<void> {
  for (let file = queue.shift(); file; file = queue.shift()) {
    const outcome = await runFile(file);
    outcomes.push(outcome);
    if (outcome.failed === 0) continue;
    console.log(`\n${outcome.file}${outcome.trouble ? `: ${outcome.trouble}` : ''}`);
    console.log(outcome.output.trim());
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));

const sum = (pick: (outcome: Outcome) => number): number =>
  outcomes.reduce((total, outcome) => total + pick(outcome), 0);
const slowest = [...outcomes].sort((a, b) => b.seconds - a.seconds).slice(0, 5);
console.log(
  `\n${files.length} files; slowest: ${slowest.map(({ file, seconds }) => `${file} ${seconds.toFixed(1)} s`).join(', ')}`,
);
const skipped = sum((o) => o.skipped);
console.log(
  `${sum((o) => o.passed)} passed, ${sum((o) => o.failed)} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
);
process.exitCode = files.length > 0 && sum((o) => o.failed) === 0 ? 0 : 1;
