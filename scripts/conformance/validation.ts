// Poses recorded create and update requests to the API server and answers in the form of the recordings.
import { noKindMatch } from '../../src/apimachinery/group-version-kind.ts';
import type { KubeObject } from '../../src/apimachinery/object.ts';
import { type Body, decodeBody, deprecationWarning } from '../../src/apiserver/decode.ts';
import { handleHttp, parseRequestPath } from '../../src/apiserver/http-request.ts';
import type { User } from '../../src/apiserver/request.ts';
import { apiVersionOf, type Resource, resourceNameOf } from '../../src/apiserver/resource.ts';
import { parseYamlDocument } from '../../src/manifests/yaml-document.ts';
import { restoreBootstrap } from '../../src/planner/inventory/load-inventory.ts';
import { loadValidationParts } from '../../src/planner/parts.ts';
import { World } from '../../src/planner/world.ts';
import { parseJson } from '../../src/schema/decode/json-tree.ts';
import { unrecognized } from '../../src/schema/decode/messages.ts';
import { jsonParseError } from '../../src/schema/decode/type-meta.ts';
import { readCases } from './cases.ts';

type Json = Record<string, unknown>;

interface ValidationCase {
  readonly id: string;
  readonly family: string;
  readonly verb: 'create' | 'update';
  /** Null where a client finds no resource of the kind. */
  readonly path: string | null;
  readonly contentType: 'json' | 'yaml';
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly namespace?: string;
  readonly state?: readonly Json[];
  readonly old?: Json;
  readonly body: Json | string;
}

export const VERSION = '1.36';

export async function runValidation(path: string, write: (line: string) => void): Promise<void> {
  const base = await baseWorld();
  for (const recorded of readCases<ValidationCase>(path)) {
    let answer: Json;
    try {
      answer = pose(base.fork(), recorded);
    } catch (error) {
      answer = {
        code: 500,
        reason: 'InternalError',
        message: error instanceof Error ? (error.stack ?? '') : String(error),
        causes: [],
        warnings: [],
      };
    }
    write(JSON.stringify({ id: recorded.id, ...answer }));
  }
}

export async function baseWorld(): Promise<World> {
  const parts = await loadValidationParts(undefined);
  const kubernetes = { version: VERSION, featureGates: {}, flags: {} } as const;
  const world = new World({ kubernetes, ...parts, startAt: Date.now() });
  restoreBootstrap(world, VERSION);
  for (const namespace of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
    ensureServiceAccount(world, namespace);
  return world;
}

function ensureServiceAccount(world: World, namespace: string): void {
  make(world, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }, namespace);
}

/** Really creates one object of a case's state; its status is written too, a deletionTimestamp asks for deletion. */
export function make(world: World, given: Json, namespace: string): KubeObject | undefined {
  const { status, ...rest } = structuredClone(given) as Json & { metadata: Json };
  const { deletionTimestamp, ...metadata } = rest.metadata as Json;
  const object = { ...rest, metadata } as Json;
  const resource = world.server.options.catalog.byKind(String(object['apiVersion']), String(object['kind']));
  if (!resource) return undefined;
  const requested = String(object['apiVersion']).replace(/^.*\//, '');
  const decode = (value: unknown) =>
    decodeBody({ tree: { value }, isYaml: false }, { resource, version: requested }, VERSION, 'Strict');
  const decoded = decode(object);
  if (!decoded.ok) return undefined;
  const place = resource.namespaced ? { namespace: String(metadata['namespace'] ?? namespace) } : {};
  const request = {
    resource: resourceNameOf(resource),
    apiVersion: String(object['apiVersion']),
    cause: { who: 'recorder' },
    user: RECORDED_USER,
    ...place,
  };
  const created = world.server.handle({ verb: 'create', object: decoded.object, ...request });
  if (!created.ok) return undefined;
  if (status !== undefined) {
    const withStatus = decode({ ...object, metadata: { ...metadata, name: created.object.metadata.name }, status });
    if (withStatus.ok && resource.subresources?.['status']) {
      const { status: decodedStatus } = withStatus.object as KubeObject & { readonly status?: unknown };
      world.server.handle({
        verb: 'update',
        name: created.object.metadata.name ?? '',
        subresource: 'status',
        object: { ...created.object, status: decodedStatus } as KubeObject,
        ...request,
      });
    }
  }
  if (object['kind'] === 'Namespace') ensureServiceAccount(world, String(metadata['name']));
  if (deletionTimestamp) world.server.handle({ verb: 'delete', name: created.object.metadata.name ?? '', ...request });
  return world.server.find(resource, place.namespace, created.object.metadata.name ?? '');
}

function pose(world: World, recorded: ValidationCase): Json {
  const namespace = recorded.namespace ?? 'default';
  const state = recorded.state ?? [];
  const isMade = state.some(({ kind, metadata }) => kind === 'Namespace' && (metadata as Json)['name'] === namespace);
  if (namespace !== 'default' && !isMade)
    make(world, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, namespace);
  for (const object of state) make(world, object, namespace);
  const stored = recorded.old && make(world, recorded.old, namespace);
  if (recorded.path === null) return unmatched(recorded);
  const { body, refusal } = bodyOf(recorded, recorded.path, stored, world);
  const answer =
    refusal ??
    handleHttp(
      world.server,
      {
        method: recorded.verb === 'update' ? 'PUT' : 'POST',
        path: recorded.path,
        body: body!,
        dryRun: true,
        fieldValidation: recorded.fieldValidation ?? 'Strict',
        user: RECORDED_USER,
      },
      VERSION,
    );
  // Of texts only the recordings of real manifests know what was asked for.
  const asked = recorded.family === 'realworld' ? body?.tree.value : undefined;
  const sent = typeof recorded.body === 'string' ? asked : recorded.body;
  return normalized(answer, sent as Json | undefined, stored);
}

/** What a client says before it asks, when the server serves no such kind. */
function unmatched({ body }: ValidationCase): Json {
  const value = typeof body === 'string' ? parseYamlDocument(body).value : body;
  const { apiVersion = '', kind = '' } = (value ?? {}) as Json;
  const message = noKindMatch(String(kind), String(apiVersion));
  return { code: 404, reason: 'NoMatch', message, causes: [], warnings: [] };
}

type Answered = ReturnType<typeof handleHttp>;

function bodyOf(
  recorded: ValidationCase,
  path: string,
  stored: KubeObject | undefined,
  world: World,
): { readonly body?: Body; readonly refusal?: Answered } {
  const { resourceVersion = '', uid } = stored?.metadata ?? {};
  if (typeof recorded.body !== 'string') {
    const value = structuredClone(recorded.body);
    const metadata = value['metadata'] as Json | undefined;
    if (metadata?.['resourceVersion'] === '@old') {
      if (resourceVersion) metadata['resourceVersion'] = resourceVersion;
      else delete metadata['resourceVersion'];
    }
    if (metadata?.['uid'] === '@old') metadata['uid'] = uid;
    const text = JSON.stringify(value);
    return { body: { tree: { value }, isYaml: recorded.contentType === 'yaml', text } };
  }
  // Half a pair of surrogates cannot be sent.
  const text = wellFormed(recorded.body).replaceAll(/"@old"|'@old'/g, JSON.stringify(resourceVersion));
  const resource = wantedKind(path, world);
  const wanted = resource?.kind ?? '';
  const deprecated = resource && deprecationWarning(apiVersionOf(resource), wanted, VERSION);
  const refused = (cause: string): { readonly refusal: Answered } => ({
    refusal: {
      code: 400,
      warnings: deprecated === undefined ? [] : [deprecated],
      status: { status: 'Failure', code: 400, reason: 'BadRequest', message: unrecognized(wanted, cause, text) },
    },
  });
  if (recorded.contentType === 'yaml') {
    const parsed = parseYamlDocument(text);
    if (parsed.error) return refused(parsed.error.message);
    return {
      body: {
        tree: { value: parsed.value },
        isYaml: true,
        text,
        duplicateKeys: parsed.duplicates.map(({ message }) => message),
      },
    };
  }
  const parsed = parseJson(text);
  if (!parsed.ok) return refused(jsonParseError(parsed.error));
  return { body: { tree: parsed.tree, isYaml: false, text } };
}

function wellFormed(text: string): string {
  return text.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

function wantedKind(path: string, world: World): Resource | undefined {
  const parsed = parseRequestPath(path);
  return (
    parsed &&
    world.server.options.catalog.byName(parsed.group === '' ? parsed.resource : `${parsed.resource}.${parsed.group}`)
  );
}

/** What no two servers answer alike is replaced, as in the recordings. */
export function normalized(answer: Answered, sent: Json | undefined, stored: KubeObject | undefined): Json {
  const warnings = answer.warnings.map(plain);
  const result: Json = answer.object
    ? { code: answer.code, warnings, object: normalizedObject(answer.object, sent) }
    : {
        code: answer.code,
        reason: answer.status?.reason ?? '',
        message: plain(answer.status?.message ?? '').replace(GENERATED_UID, '<uid>'),
        causes: (answer.status?.details?.causes ?? []).map(({ field = '', reason = '', message = '' }) => ({
          field,
          reason,
          message: plain(message).replace(GENERATED_UID, '<uid>'),
        })),
        warnings,
      };
  const { resourceVersion, uid } = stored?.metadata ?? {};
  if (!resourceVersion || !uid) return result;
  const text = JSON.stringify(result)
    .replaceAll(`"${resourceVersion}"`, '"<rv>"')
    .replaceAll(`\\"${resourceVersion}\\"`, '\\"<rv>\\"')
    .replaceAll(uid, '<uid>');
  return JSON.parse(text) as Json;
}

/** Who made the recorded requests; also the uid comes from the file of tokens. */
export const RECORDED_USER: User = { name: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] };
const GENERATED_UID = /\b[0-9a-f]{8}-0000-4000-8000-[0-9a-f]{12}\b/g;

function plain(text: string): string {
  return text.replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-00000').replaceAll('\u00a0', ' ');
}

function normalizedObject(given: Readonly<Json>, sent: Json | undefined): Json {
  const uid = (given['metadata'] as Json | undefined)?.['uid'];
  const text = JSON.stringify(given);
  const object = JSON.parse(plain(typeof uid === 'string' && uid ? text.replaceAll(uid, '<uid>') : text)) as Json & {
    metadata?: Json;
    spec?: Json;
  };
  for (const key of ['uid', 'creationTimestamp', 'resourceVersion', 'managedFields', 'selfLink'])
    delete object.metadata?.[key];
  const sentText = JSON.stringify(sent ?? null, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const now = Date.now();
  walk(object, (value) => {
    for (const [key, text] of Object.entries(value))
      if (
        typeof text === 'string' &&
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) &&
        Math.abs(Date.parse(text) - now) < 3_600_000 &&
        !sentText.includes(text)
      )
        value[key] = '<time>';
  });
  const { metadata } = object;
  if (metadata?.['deletionTimestamp']) metadata['deletionTimestamp'] = '<time>';
  if (metadata?.['generateName'] && !(sent?.['metadata'] as Json | undefined)?.['name'])
    metadata['name'] = '<generated>';
  if (object['kind'] === 'Service' && object.spec) hideAllocated(object.spec, (sent?.['spec'] ?? {}) as Json);
  return object;
}

function hideAllocated(spec: Json, asked: Json): void {
  const addresses = new Set(
    [asked['clusterIP'], ...(Array.isArray(asked['clusterIPs']) ? asked['clusterIPs'] : [])].filter(Boolean),
  );
  if (spec['clusterIP'] && !addresses.has(spec['clusterIP'])) spec['clusterIP'] = '<allocated>';
  if (Array.isArray(spec['clusterIPs']))
    spec['clusterIPs'] = spec['clusterIPs'].map((address) => (addresses.has(address) ? address : '<allocated>'));
  const ports = new Set(
    Array.isArray(asked['ports']) ? asked['ports'].map((port: Json | null) => port?.['nodePort']) : [],
  );
  for (const port of (spec['ports'] ?? []) as Json[])
    if (port['nodePort'] && !ports.has(port['nodePort'])) port['nodePort'] = '<allocated>';
  if (spec['healthCheckNodePort'] && spec['healthCheckNodePort'] !== asked['healthCheckNodePort'])
    spec['healthCheckNodePort'] = '<allocated>';
}

function walk(value: unknown, visit: (object: Json) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (value !== null && typeof value === 'object') {
    visit(value as Json);
    for (const item of Object.values(value)) walk(item, visit);
  }
}
