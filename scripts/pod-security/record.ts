// Writes fixtures/conformance/pod-security/answers.jsonl.gz: what upstream's own library says of the sample pods. Needs Go.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { samplePods } from './pods.ts';

const VERSION = 'v0.36.3';
const MODULES = ['k8s.io/api', 'k8s.io/apimachinery', 'k8s.io/pod-security-admission'];
const COMBINED = 400;
const FIXTURE = 'fixtures/conformance/pod-security/answers.jsonl.gz';

const work = mkdtempSync(join(tmpdir(), 'kubeplan-pod-security-'));
try {
  cpSync(join(import.meta.dirname, 'go'), work, { recursive: true });
  const pods = samplePods(COMBINED).map((pod) => JSON.stringify(pod));
  const go = (args: readonly string[], input = ''): string =>
    execFileSync('go', args, {
      cwd: work,
      env: { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off' },
      encoding: 'utf8',
      input,
      maxBuffer: 1 << 28,
    });
  go(['mod', 'edit', ...MODULES.map((name) => `-require=${name}@${VERSION}`)]);
  const answers = go(['run', '.'], pods.join('\n')).trimEnd().split('\n');
  const lines = pods.map((pod, i) => `{"pod":${pod},"answers":${answers[i]}}\n`);
  mkdirSync(join(FIXTURE, '..'), { recursive: true });
  writeFileSync(FIXTURE, gzipSync(lines.join(''), { level: 9 }));
  console.log(`${lines.length} pods`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
