// Replays recorded sequences of patches, applies and kubectl commands and answers in the form of the recordings.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Status } from '../../src/apimachinery/status.ts';
import { type CustomResourceDefinition, customResource } from '../../src/apiserver/custom-resources/custom-resource.ts';
import type { Body } from '../../src/apiserver/decode.ts';
import { type HttpAnswer, handleHttp, patchTypeOf } from '../../src/apiserver/http-request.ts';
import {
  fieldManagerOf,
  fieldValidationOf,
  type OptionsKind,
  refusedQuery,
  type WriteQuery,
} from '../../src/apiserver/http-write-options.ts';
import type { PatchBody } from '../../src/apiserver/request.ts';
import { resourceNameOf } from '../../src/apiserver/resource.ts';
import type { ApiServer } from '../../src/apiserver/server.ts';
import { openFormat } from '../../src/cli/kubectl/print-object.ts';
import { parseYamlDocument } from '../../src/manifests/yaml-document.ts';
import { fileRecord } from '../../src/planner/apply/kubectl/input/file-record.ts';
import { runKubectl } from '../../src/planner/apply/kubectl/kubectl.ts';
import { restoreBootstrap } from '../../src/planner/inventory/load-inventory.ts';
import { loadValidationParts } from '../../src/planner/parts.ts';
import { World } from '../../src/planner/world.ts';
import { parseJson } from '../../src/schema/decode/json-tree.ts';
import { readCases } from './cases.ts';

type Json = Record<string, unknown>;

interface ApiStep {
  readonly verb: 'apply' | 'create' | 'update' | 'json' | 'merge' | 'strategic' | 'get' | 'delete';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | boolean>>;
  readonly contentType?: string;
  readonly userAgent?: string;
  readonly body?: unknown;
}

interface KubectlStep {
  readonly kubectl: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly watch?: readonly WatchedObject[];
  readonly remaining?: readonly string[];
}

interface WatchedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

interface Sequence {
  readonly id: string;
  readonly watch?: readonly WatchedObject[];
  readonly steps: readonly (ApiStep | KubectlStep)[];
}

const VERSION = '1.36';
const NAMESPACE = 'ns-demo';
const USER_AGENT = 'recorder/1.0';
const STEP_MS = 2000;
const START = Date.UTC(2026, 0, 1);
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const UID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

export async function runApply(path: string, write: (line: string) => void): Promise<void> {
  const base = await baseWorld(path);
  for (const sequence of readCases<Sequence>(path)) {
    const replay = new Replay(base.fork());
    write(JSON.stringify({ id: sequence.id, steps: sequence.steps.map((step) => replay.step(step, sequence)) }));
  }
}

async function baseWorld(path: string): Promise<World> {
  const parts = await loadValidationParts(undefined);
  const kubernetes = { version: VERSION, featureGates: {}, flags: {} } as const;
  const custom = definitions(path).flatMap((definition) => customResource(definition, VERSION) ?? []);
  const resources = [...parts.resources, ...custom];
  const world = new World({ kubernetes, ...parts, resources, startAt: START });
  restoreBootstrap(world, VERSION);
  const make = (path: string, kind: string, name: string) => {
    const body = { tree: { value: { apiVersion: 'v1', kind, metadata: { name } } }, isYaml: false };
    handleHttp(world.server, { method: 'POST', path, body, dryRun: false, fieldValidation: 'Strict' }, VERSION);
  };
  make('/api/v1/namespaces', 'Namespace', NAMESPACE);
  make(`/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, 'ServiceAccount', 'default');
  return world;
}

/** What setup.json, beside the recordings, says the cluster serves. */
function definitions(path: string): readonly CustomResourceDefinition[] {
  const file = join(statSync(path).isDirectory() ? path : dirname(path), 'setup.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CustomResourceDefinition[]) : [];
}

/** One sequence: its cluster, and what its answers have shown so far. */
class Replay {
  readonly #world: World;
  readonly #seen = { rv: [] as string[], uid: [] as string[] };
  readonly #files: Record<string, string> = {};

  constructor(world: World) {
    this.#world = world;
  }

  step(step: ApiStep | KubectlStep, sequence: Sequence): Json {
    this.#world.clock.now += STEP_MS;
    try {
      if ('kubectl' in step) return this.#kubectl(step, sequence);
      const answer = this.#withPlaceholders(recorded(send(this.#world.server, this.#filled(step))));
      return answer;
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { code: 500, reason: 'InternalError', message, causes: [], warnings: [] };
    }
  }

  #kubectl(step: KubectlStep, sequence: Sequence): Json {
    const { server } = this.#world;
    Object.assign(this.#files, step.files);
    const command = {
      args: [...step.kubectl, '-n', NAMESPACE],
      files: fileRecord(this.#files),
      openFormat,
      ...(step.env ? { env: step.env } : {}),
    };
    const { code, stdout, stderr } = runKubectl(command, { server, kubernetesVersion: VERSION });
    const watched = (step.watch ?? sequence.watch ?? []).map((each) => this.#watched(each));
    for (const object of watched) this.#note(object);
    return {
      code,
      stdout: this.#hidden(stdout),
      stderr: this.#hidden(stderr).replace(/^W\d{4} [\d:.]+ +\d+ /gm, 'W<klog> '),
      objects: watched,
      ...(step.remaining ? { remaining: step.remaining.flatMap((kind) => this.#remaining(kind)) } : {}),
    };
  }

  #watched({ apiVersion, kind, name }: WatchedObject): unknown {
    const { server } = this.#world;
    const resource = server.options.catalog.byKind(apiVersion, kind);
    if (!resource) return null;
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const place = resource.namespaced ? `/namespaces/${NAMESPACE}` : '';
    const { object } = handleHttp(
      server,
      { method: 'GET', path: `${root}${place}/${resource.plural}/${name}` },
      VERSION,
    );
    return object ? plainObject(object) : null;
  }

  /** `Kind/name` of the objects of a kind that are left in the namespace. */
  #remaining(apiVersionAndKind: string): string[] {
    const { server } = this.#world;
    const slash = apiVersionAndKind.lastIndexOf('/');
    const kind = apiVersionAndKind.slice(slash + 1);
    const resource = server.options.catalog.byKind(apiVersionAndKind.slice(0, slash), kind);
    if (!resource) return [];
    const names = server.reader
      .list(resourceNameOf(resource), resource.namespaced ? NAMESPACE : undefined)
      .map(({ metadata }) => metadata.name ?? '');
    return names.filter((name) => kind !== 'ServiceAccount' || name !== 'default').map((name) => `${kind}/${name}`);
  }

  /** The step with the versions and uids that its placeholders stand for. */
  #filled(step: ApiStep): ApiStep {
    if (step.body === undefined) return step;
    const text = typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
    const filled = text.replace(/<(rv|uid)(\d+)>/g, (all, kind: 'rv' | 'uid', n: string) => {
      return this.#seen[kind][Number(n) - 1] ?? all;
    });
    return filled === text ? step : { ...step, body: typeof step.body === 'string' ? filled : JSON.parse(filled) };
  }

  #withPlaceholders(answer: Json): Json {
    this.#note(answer['object']);
    if (typeof answer['message'] !== 'string') return answer;
    const causes = (answer['causes'] as { field: string; reason: string; message: string }[]).map((cause) => ({
      ...cause,
      message: this.#hidden(cause.message),
    }));
    return { ...answer, message: this.#hidden(answer['message']), causes };
  }

  #note(object: unknown): void {
    const { metadata } = (object ?? {}) as { metadata?: { resourceVersion?: string; uid?: string } };
    this.#numberOf('rv', metadata?.resourceVersion);
    this.#numberOf('uid', metadata?.uid);
  }

  #numberOf(kind: 'rv' | 'uid', value: string | undefined): number {
    if (!value) return 0;
    const list = this.#seen[kind];
    if (!list.includes(value)) list.push(value);
    return list.indexOf(value) + 1;
  }

  /** In objects such values are free; in texts they are named as in the recordings. */
  #hidden(text: string): string {
    const step = (time: string) => Math.floor((Date.parse(time) - START) / STEP_MS);
    const plain = text
      .replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-00000')
      .replace(UID, (uid) => (this.#seen.uid.includes(uid) ? `<uid${this.#numberOf('uid', uid)}>` : uid))
      .replace(
        /(resourceVersion\\*":\\*")(\d+)/g,
        (_, head: string, rv: string) => `${head}<rv${this.#numberOf('rv', rv)}>`,
      );
    return plain.replace(TIME, (time) => (step(time) > 0 && step(time) < 1000 ? `<t${step(time)}>` : time));
  }
}

function send(server: ApiServer, step: ApiStep): HttpAnswer {
  const { verb, path } = step;
  const query = queryOf(step);
  const dryRun = query.dryRun !== undefined;
  if (verb === 'get') return handleHttp(server, { method: 'GET', path }, VERSION);
  if (verb === 'delete') return handleHttp(server, { method: 'DELETE', path, dryRun }, VERSION);
  const options = {
    dryRun,
    fieldValidation: fieldValidationOf(query),
    fieldManager: fieldManagerOf(query, step.userAgent ?? USER_AGENT),
  };
  if (verb === 'create' || verb === 'update') {
    const refused = refusedQuery(query, verb === 'create' ? 'CreateOptions' : 'UpdateOptions', false);
    if (refused) return refusal(refused);
    const method = verb === 'create' ? 'POST' : 'PUT';
    return handleHttp(
      server,
      { method, path, body: { tree: { value: step.body }, isYaml: false }, ...options },
      VERSION,
    );
  }
  const contentType = step.contentType ?? '';
  const kind: OptionsKind = 'PatchOptions';
  const patchType = patchTypeOf(contentType);
  const refused = patchType && refusedQuery(query, kind, patchType === 'apply');
  if (refused) return refusal(refused);
  const isForced = query.force === undefined ? {} : { force: query.force };
  const body = patchBody(step.body, patchType === 'apply');
  return handleHttp(server, { method: 'PATCH', path, contentType, body, ...options, ...isForced }, VERSION);
}

function refusal(status: Status): HttpAnswer {
  return { code: status.code, warnings: [], status };
}

function queryOf({ query = {} }: ApiStep): WriteQuery {
  const text = (name: string) => (query[name] === undefined ? {} : { [name]: String(query[name]) });
  return {
    ...text('fieldManager'),
    ...text('fieldValidation'),
    ...(query['force'] === undefined ? {} : { force: String(query['force']) === 'true' }),
    ...(query['dryRun'] === undefined ? {} : { dryRun: [String(query['dryRun'])] }),
  };
}

function patchBody(body: unknown, isApply: boolean): PatchBody {
  if (typeof body !== 'string') return { tree: { value: body } };
  if (isApply) {
    const { value, error, duplicates } = parseYamlDocument(body);
    const tree: Body['tree'] = { value };
    if (error) return { tree, error: `error converting YAML to JSON: ${error.message}` };
    return duplicates.length > 0 ? { tree, duplicateKeys: duplicates.map(({ message }) => message) } : { tree };
  }
  const parsed = parseJson(body);
  return parsed.ok ? { tree: parsed.tree } : { tree: { value: undefined }, error: parsed.error };
}

function recorded({ code, warnings, object, status }: HttpAnswer): Json {
  if (object) return { code, warnings, object: plainObject(object) };
  const causes = (status?.details?.causes ?? []).map(({ field = '', reason = '', message = '' }) => ({
    field,
    reason,
    message,
  }));
  return { code, reason: status?.reason ?? '', message: status?.message ?? '', causes, warnings };
}

/** Names that are random in a cluster. */
function plainObject(object: Readonly<Json>): unknown {
  return JSON.parse(JSON.stringify(object).replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-00000'));
}
