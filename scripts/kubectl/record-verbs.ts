// Records what the real kubectl prints of command lines that write, each from the same state. Needs a kube-apiserver that keeps
// its objects as JSON (--storage-media-type=application/json) and holds the state, its etcd's address, and kubectl:
//   KUBECTL=… KUBECONFIG=… ETCD=http://127.0.0.1:2379 node --import tsx scripts/kubectl/record-verbs.ts LINES.jsonl FOLDER
// A line is {"args": […], "files"?: {…}}. Writes FOLDER/state.json (what the server holds) and FOLDER/cases.jsonl.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { KUBECTL = 'kubectl', KUBECONFIG = '', ETCD = '' } = process.env;
const [linesFile = '', folder = ''] = process.argv.slice(2);
/** What the server writes by itself. */
const BY_ITSELF = /^\/registry\/(leases|masterleases|apiregistration|flowschemas|prioritylevel|ranges|events)/;
/** No part of a recorded state. */
const LEFT_OUT = /^(apiservices|flowschemas|prioritylevel|componentstatuses|events)/;
/** A command that waits longer is left out. */
const LIMIT_MS = 5000;
const CATCH_UP_MS = 150;

interface Line {
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

interface StoredValue {
  readonly key: string;
  readonly value: string;
}

const work = mkdtempSync(join(tmpdir(), 'kubeplan-verbs-'));
const kubectl = (args: readonly string[]) =>
  spawnSync(KUBECTL, ['--kubeconfig', KUBECONFIG, ...args], {
    cwd: work,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: 1 << 28,
  });

const packed = (text: string): string => Buffer.from(text).toString('base64');
const unpacked = (text: string): string => Buffer.from(text, 'base64').toString();

async function etcd(
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<{ readonly kvs?: readonly StoredValue[] }> {
  const answer = await fetch(`${ETCD}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) });
  // What etcd's gateway answers.
  return (await answer.json()) as { readonly kvs?: readonly StoredValue[] };
}

async function stored(): Promise<Map<string, string>> {
  const { kvs = [] } = await etcd('range', {
    key: packed('/registry/'),
    range_end: packed('/registry0'),
    limit: 100000,
  });
  const entries = kvs.map(({ key, value }) => [unpacked(key), value] as const);
  return new Map(entries.filter(([key]) => !BY_ITSELF.test(key)));
}

function objectsNow(): readonly unknown[] {
  const names = kubectl(['api-resources', '--verbs=list', '-o', 'name']).stdout.trim().split('\n');
  return names
    .filter((name) => !LEFT_OUT.test(name))
    .flatMap((name) => {
      const { status, stdout } = kubectl(['get', name, '-A', '-o', 'json']);
      return status === 0 ? (JSON.parse(stdout) as { items: unknown[] }).items : [];
    });
}

/** Puts back what a command changed. */
async function restore(base: ReadonlyMap<string, string>): Promise<void> {
  const current = await stored();
  let changes = 0;
  for (const key of current.keys()) {
    if (base.has(key)) continue;
    await etcd('deleterange', { key: packed(key) });
    changes += 1;
  }
  for (const [key, value] of base) {
    if (current.get(key) === value) continue;
    await etcd('put', { key: packed(key), value });
    changes += 1;
  }
  if (changes > 0) await new Promise((resolve) => setTimeout(resolve, CATCH_UP_MS));
}

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'state.json'), JSON.stringify({ objects: objectsNow() }));
writeFileSync(join(folder, 'cases.jsonl'), '');
const base = await stored();
for (const text of readFileSync(linesFile, 'utf8').trim().split('\n')) {
  const line = JSON.parse(text) as Line;
  for (const [name, content] of Object.entries(line.files ?? {})) writeFileSync(join(work, name), content);
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const { status, stdout, stderr } = kubectl(line.args);
  if (status !== null)
    appendFileSync(
      join(folder, 'cases.jsonl'),
      `${JSON.stringify({ ...line, now, stdout, stderr, exitCode: status })}\n`,
    );
  await restore(base);
}
