// Records what a real kube-apiserver and the real kubectl do with sequences of patches, applies and kubectl commands, many at once.
// Needs a fresh kube-apiserver with the definitions of fixtures/conformance/apply/setup.json, and kubectl:
//   SERVER=https://127.0.0.1:6443 TOKEN=… KUBECTL=… KUBECONFIG=… node --import tsx scripts/apply/record-sequences.ts IN.jsonl OUT.jsonl
// A line of IN is a sequence as in fixtures/conformance/apply; what it expects is recorded anew. CONCURRENCY says how many run at once.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Json, Sequence, Step, WatchedObject } from './sequence.ts';

const { SERVER = '', TOKEN = '', KUBECTL = 'kubectl', KUBECONFIG = '', CONCURRENCY = '8' } = process.env;
const [from = '', to = ''] = process.argv.slice(2);
const METHODS: Readonly<Record<string, string>> = { create: 'POST', update: 'PUT', get: 'GET', delete: 'DELETE' };
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const UID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
const SERVICE_IP = /\b10\.96\.\d+\.\d+\b/g;
/** Parents of ApplySets: their ids hold the namespace. */
const SETS = ['Secret.', 'ConfigMap.', 'Widget.example.com'];

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly object: Json | undefined;
  readonly warnings: readonly string[];
}

function call(method: string, path: string, body?: unknown, type = 'application/json', agent = 'recorder/1.0') {
  return new Promise<Answer>((resolve, reject) => {
    const data = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const headers = {
      Authorization: `Bearer ${TOKEN}`,
      Accept: 'application/json',
      'User-Agent': agent,
      ...(data ? { 'Content-Type': type, 'Content-Length': data.length } : {}),
    };
    const sent = request(`${SERVER}${path}`, { method, headers, rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isObject = response.headers['content-type']?.includes('json') ?? false;
        const object = isObject ? (JSON.parse(text) as Json) : undefined;
        resolve({ code: response.statusCode ?? 0, text, object, warnings: warningsOf(response) });
      });
    });
    sent.on('error', reject);
    sent.end(data);
  });
}

function warningsOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.flatMap((name, i) => {
    if (i % 2 !== 0 || name.toLowerCase() !== 'warning') return [];
    const text = Buffer.from(rawHeaders[i + 1] ?? '', 'latin1').toString('utf8');
    return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, said = '']) => said.replace(/\\(.)/g, '$1'));
  });
}

const rest = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

/** One run of a sequence in a namespace and with names of its own, and what of its answers has to be hidden. */
class Recording {
  readonly #sequence: Sequence;
  /** Stands for `demo`; as long, so that nothing is sorted or cut otherwise. */
  readonly #token: string;
  readonly #sent: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubeplan-sequence-'));
  readonly #starts: number[] = [];
  readonly #seen = { rv: [] as string[], uid: [] as string[], ip: [] as string[] };

  constructor(sequence: Sequence, token: string) {
    this.#sequence = sequence;
    this.#token = token;
    this.#sent = JSON.stringify(sequence.steps.map((step) => ('kubectl' in step ? (step.files ?? '') : step.body)));
  }

  get #namespace(): string {
    return `ns-${this.#token}`;
  }

  async run(): Promise<Sequence> {
    await call('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: this.#namespace },
    });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
    const accounts = `/api/v1/namespaces/${this.#namespace}/serviceaccounts`;
    for (let i = 0; i < 20 && (await call('POST', accounts, account)).code >= 300; i++) await rest(100);
    const steps: Step[] = [];
    for (const { expect: _, ...step } of this.#sequence.steps) {
      // Times are of whole seconds: each step gets one of its own.
      if (this.#starts.length > 0) await rest(1030 - (Date.now() % 1000));
      this.#starts.push(Date.now());
      steps.push({
        ...step,
        expect: 'kubectl' in step ? await this.#kubectl(step) : await this.#request(step),
      } as Step);
    }
    rmSync(this.#folder, { recursive: true });
    await call('DELETE', `/api/v1/namespaces/${this.#namespace}`);
    return { ...this.#sequence, steps };
  }

  async #request(step: Exclude<Step, { kubectl: unknown }>): Promise<Json> {
    const pairs = Object.entries(step.query ?? {}).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
    const query = pairs.length > 0 ? `?${pairs.join('&')}` : '';
    const text = typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
    const body =
      step.body === undefined
        ? undefined
        : this.#out(text).replace(
            /<(rv|uid)(\d+)>/g,
            (all, kind: 'rv' | 'uid', n: string) => this.#seen[kind][Number(n) - 1] ?? all,
          );
    const path = this.#out(step.path) + query;
    const answer = await call(METHODS[step.verb] ?? 'PATCH', path, body, step.contentType, step.userAgent);
    const warnings = answer.warnings.map((warning) => this.#hidden(warning));
    if (answer.code < 300) return { code: answer.code, warnings, object: this.#shown(answer.object) };
    const { reason = '', message = answer.text, details } = (answer.object ?? {}) as FailedStatus;
    const causes = (details?.causes ?? []).map(({ field = '', reason: why = '', message: said = '' }) => ({
      field,
      reason: why,
      message: this.#hidden(said),
    }));
    return { code: answer.code, warnings, reason, message: this.#hidden(message), causes };
  }

  async #kubectl(step: Extract<Step, { kubectl: unknown }>): Promise<Json> {
    for (const [name, content] of Object.entries(step.files ?? {})) {
      const path = join(this.#folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, this.#out(content));
    }
    const words = ['--kubeconfig', KUBECONFIG, ...step.kubectl.map((word) => this.#out(word)), '-n', this.#namespace];
    const ran = await runProgram(KUBECTL, words, this.#folder, { ...process.env, LC_ALL: 'C', ...step.env });
    const watch = step.watch ?? this.#sequence.watch ?? [];
    const objects = await Promise.all(watch.map((each) => this.#watched(each)));
    for (const object of objects) this.#note(object);
    const remaining = step.remaining && (await Promise.all(step.remaining.map((kind) => this.#remaining(kind)))).flat();
    return {
      code: ran.code,
      stdout: this.#printed(ran.stdout),
      stderr: this.#printed(ran.stderr),
      ...(watch.length > 0 ? { objects: objects.map((object) => this.#shown(object) ?? null) } : {}),
      ...(remaining ? { remaining } : {}),
    };
  }

  async #watched({ apiVersion, kind, name }: WatchedObject): Promise<Json | undefined> {
    const path = await collectionPath(apiVersion, kind, this.#namespace);
    const answer = path === undefined ? undefined : await call('GET', `${path}/${this.#out(name)}`);
    return answer?.code === 200 ? answer.object : undefined;
  }

  async #remaining(apiVersionAndKind: string): Promise<string[]> {
    const slash = apiVersionAndKind.lastIndexOf('/');
    const kind = apiVersionAndKind.slice(slash + 1);
    const path = await collectionPath(apiVersionAndKind.slice(0, slash), kind, this.#namespace);
    const list = path === undefined ? undefined : (await call('GET', path)).object;
    const items = (list?.['items'] ?? []) as readonly { readonly metadata: { readonly name: string } }[];
    const names = items.map(({ metadata }) => metadata.name);
    return names.filter((name) => kind !== 'ServiceAccount' || name !== 'default').map((name) => `${kind}/${name}`);
  }

  #out(text: string): string {
    return text.replaceAll('demo', this.#token);
  }

  #note(object: Json | undefined): void {
    const { resourceVersion, uid } = (object?.['metadata'] ?? {}) as { resourceVersion?: string; uid?: string };
    this.#number('rv', resourceVersion);
    this.#number('uid', uid);
  }

  #number(kind: 'rv' | 'uid' | 'ip', value: string | undefined): number {
    if (!value) return 0;
    const list = this.#seen[kind];
    if (!list.includes(value)) list.push(value);
    return list.indexOf(value) + 1;
  }

  #hidden(text: string): string {
    let plain = text.replaceAll(this.#token, 'demo');
    if (plain.includes('applyset-'))
      for (const parent of SETS)
        plain = plain.replaceAll(setId(`set.${this.#namespace}.${parent}`), setId(`set.ns-demo.${parent}`));
    return plain
      .replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-00000')
      .replaceAll('\u00a0', ' ')
      .replace(UID, (uid) => (this.#seen.uid.includes(uid) ? `<uid${this.#number('uid', uid)}>` : uid))
      .replace(
        /(resourceVersion\\*":\\*"|resourceVersion: ")(\d+)/g,
        (_, head: string, rv: string) => `${head}<rv${this.#number('rv', rv)}>`,
      )
      .replace(TIME, (time) => this.#time(time))
      .replace(SERVICE_IP, (ip) => (this.#sent.includes(ip) ? ip : `<ip${this.#number('ip', ip)}>`));
  }

  /** `<tN>` for a time of step N. */
  #time(time: string): string {
    const millis = Date.parse(time);
    const first = this.#starts[0] ?? 0;
    if (this.#sent.includes(time) || millis < first - 1000 || millis > Date.now() + 1000) return time;
    const step = this.#starts.filter((start) => Math.floor(start / 1000) * 1000 <= millis).length;
    return `<t${Math.max(step, 1)}>`;
  }

  #printed(text: string): string {
    return this.#hidden(text)
      .replace(/\/tmp\/(LIVE|MERGED)-\d+/g, '$1')
      .replace(/^((?:---|\+\+\+) [^\t\n]*)\t.*$/gm, '$1')
      .replace(/^W\d{4} [\d:.]+ +\d+ /gm, 'W<klog> ')
      .replace(/(odePort: )(\d+)/g, (all, head: string, port: string) =>
        this.#sent.includes(port) ? all : `${head}<allocated>`,
      );
  }

  #shown(object: Json | undefined): Json | undefined {
    if (!object) return undefined;
    this.#note(object);
    const { resourceVersion } = object['metadata'] as { resourceVersion?: string };
    const shown = JSON.parse(this.#hidden(JSON.stringify(object)), (key, value: unknown) => {
      const isPort = (key === 'nodePort' || key === 'healthCheckNodePort') && object['kind'] === 'Service';
      return isPort && !this.#sent.includes(String(value)) ? '<allocated>' : value;
    }) as { metadata: { resourceVersion?: string } };
    if (resourceVersion) shown.metadata.resourceVersion = `<rv${this.#number('rv', resourceVersion)}>`;
    return inOrder(shown) as Json;
  }
}

interface FailedStatus {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { field?: string; reason?: string; message?: string }[] };
}

function setId(of: string): string {
  return `applyset-${createHash('sha256').update(of).digest('base64url')}-v1`;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, inOrder(item)]));
}

function runProgram(name: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const program = spawn(name, args, { cwd, env });
    let stdout = '';
    let stderr = '';
    program.stdout.on('data', (chunk) => (stdout += chunk));
    program.stderr.on('data', (chunk) => (stderr += chunk));
    program.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

const discovered = new Map<string, Promise<Answer>>();

async function collectionPath(apiVersion: string, kind: string, namespace: string): Promise<string | undefined> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const list = discovered.get(root) ?? call('GET', root);
  discovered.set(root, list);
  const { resources = [] } = ((await list).object ?? {}) as {
    resources?: readonly { name: string; kind: string; namespaced: boolean }[];
  };
  const resource = resources.find((each) => each.kind === kind && !each.name.includes('/'));
  return resource && `${root}${resource.namespaced ? `/namespaces/${namespace}` : ''}/${resource.name}`;
}

const sequences = readFileSync(from, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sequence);
writeFileSync(to, '');
let next = 0;
async function work(): Promise<void> {
  for (let at = next++; at < sequences.length; at = next++) {
    const recorded = await new Recording(sequences[at]!, `z${at.toString(36).padStart(3, '0')}`).run();
    appendFileSync(to, `${JSON.stringify(recorded)}\n`);
  }
}
await Promise.all(Array.from({ length: Number(CONCURRENCY) }, work));
