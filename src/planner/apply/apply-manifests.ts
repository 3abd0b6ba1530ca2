// The submitted objects as requests to the API server, in apply order; what it refuses becomes diagnostics with file and line.
import type { Diagnostic, ObjectRef } from '../../apimachinery/diagnostic.ts';
import { isMap, type JsonMap } from '../../apimachinery/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { badRequest, type Status } from '../../apimachinery/status.ts';
import { type Body, decodeBody } from '../../apiserver/decode.ts';
import { onWire } from '../../apiserver/http-request.ts';
import type { Answer, Cause } from '../../apiserver/request.ts';
import { type Resource, resourceNameOf } from '../../apiserver/resource.ts';
import { switchesFor } from '../../apiserver/served-apis.ts';
import { fieldSteps, locate, type Manifest } from '../../manifests/manifest.ts';
import { lifecycleOf } from '../../schema/kinds.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import type { Submitted, Wish } from '../changes/changes.ts';
import type { World } from '../world.ts';
import { aggregatedBy, notJudged } from './aggregated.ts';
import { annotatedConfiguration, originalConfiguration } from './kubectl/patching/last-applied-configuration.ts';
import { threeWayPatch } from './kubectl/patching/three-way-patch.ts';
import { inApplyOrder } from './order.ts';

export interface ApplyOptions {
  /** Namespace of namespaced objects that name none. */
  readonly defaultNamespace: string;
  readonly kubernetesVersion: KubernetesVersion;
  /** Deletes and creates anew what cannot be changed in place; called when the old object does not go at once, to let the cluster settle. */
  readonly replace?: () => void;
}

export interface Applied {
  /** What was accepted, and what was pruned. */
  readonly submitted: Submitted;
  /** What was deleted and created anew, by `Kind namespace/name`, with the changes that could not be made in place. */
  readonly replaced: ReadonlyMap<string, readonly string[]>;
  readonly refused: number;
  readonly diagnostics: readonly Diagnostic[];
}

export function applyManifests(world: World, manifests: readonly Manifest[], options: ApplyOptions): Applied {
  const submitted = new Map<string, Wish>();
  const replaced = new Map<string, readonly string[]>();
  const diagnostics: Diagnostic[] = [];
  let refused = 0;
  for (const manifest of inApplyOrder(manifests)) {
    const resource = world.server.options.catalog.byKind(manifest.apiVersion, manifest.kind);
    const elsewhere = resource ? undefined : aggregatedBy(manifest, world.server.reader);
    if (elsewhere !== undefined) {
      diagnostics.push(notJudged(manifest, elsewhere));
      continue;
    }
    if (!resource) {
      diagnostics.push(unknownKind(manifest, options.kubernetesVersion));
      refused += 1;
      continue;
    }
    const { answer, namespace, replacedFor, isReplaceable, unread } = applyOne(world, manifest, resource, options);
    for (const warning of answer.warnings) diagnostics.push(warningOf(manifest, warning));
    if (answer.ok) {
      const { metadata } = answer.object;
      submitted.set(`${resourceNameOf(resource)} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`, manifest);
      if (replacedFor) replaced.set(addressOf(answer.object), replacedFor);
      continue;
    }
    refused += 1;
    const refusal = refusals(manifest, answer.status, namespace, unread);
    diagnostics.push(...(isReplaceable ? refusal.map((each) => ({ ...each, nextStep: REPLACE_HINT })) : refusal));
  }
  return { submitted, replaced, refused, diagnostics };
}

function applyOne(world: World, manifest: Manifest, resource: Resource, options: ApplyOptions): ApplyResult {
  const { server } = world;
  const namespace = resource.namespaced ? (manifest.namespace ?? options.defaultNamespace) : undefined;
  const place = namespace === undefined ? {} : { namespace };
  const version = manifest.apiVersion.slice(manifest.apiVersion.indexOf('/') + 1);
  const configuration = configurationOf(manifest, namespace);
  const body = { ...bodyOf(manifest), tree: { value: manifest.namespace ? configuration : unplaced(configuration) } };
  const decoded = decodeBody(body, { resource, version }, options.kubernetesVersion, 'Strict');
  if (!decoded.ok) return { answer: refusedBy(decoded.status), namespace, unread: decoded.field };

  const cause = { who: 'user', source: locate(manifest) };
  const request = { resource: resourceNameOf(resource), apiVersion: manifest.apiVersion, cause, ...place };
  const { name } = decoded.object.metadata;
  const unreadable = name ? server.deniedRead('get', resource, { ...place, name }) : undefined;
  if (unreadable) return { answer: refusedBy(unreadable), namespace };
  const live = decoded.object.metadata.name
    ? server.find(resource, namespace, decoded.object.metadata.name)
    : undefined;
  const create = { verb: 'create' as const, object: decoded.object, fieldValidation: 'Strict' as const, ...request };
  if (!live) return { answer: server.handle(create), namespace };
  const answer = patchLive({ live, modified: configuration, resource }, request, world, options);
  // Refused, though the object alone would be taken: what is there already stands against it.
  const isReplaceable = !answer.ok && answer.code === 422 && isTakenAlone(server.handle({ ...create, dryRun: true }));
  if (!isReplaceable || !options.replace) return { answer, namespace, isReplaceable };
  server.handle({ verb: 'delete', name: live.metadata.name ?? '', propagationPolicy: 'Background', ...request });
  // What has finalizers goes when those who set them are done.
  if (server.find(resource, namespace, live.metadata.name ?? '')) options.replace();
  return {
    answer: server.handle(create),
    namespace,
    replacedFor: causesOf(answer.status),
  };
}

interface ApplyResult {
  readonly answer: Answer;
  readonly namespace: string | undefined;
  /** Why the object was deleted and created anew. */
  readonly replacedFor?: readonly string[];
  /** Whether deleting the object and creating it anew would help. */
  readonly isReplaceable?: boolean;
  /** Where the body could not be read. */
  readonly unread?: string | undefined;
}

const REPLACE_HINT =
  'It cannot be changed in place; --replace plans to delete it and create it anew, and says what that costs.';

function isTakenAlone(answer: Answer): boolean {
  return answer.ok || answer.code === 409;
}

function causesOf({ details, message = '' }: Status): string[] {
  const causes = details?.causes ?? [];
  return causes.length > 0
    ? causes.map(({ field, message: text }) => `${field ? `${field}: ` : ''}${text}`)
    : [message];
}

function addressOf({ kind, metadata: { namespace, name = '' } }: KubeObject): string {
  return `${kind} ${namespace ? `${namespace}/${name}` : name}`;
}

type LiveRequest = {
  readonly resource: string;
  readonly apiVersion: string;
  readonly cause: Cause;
  readonly namespace?: string;
};

interface LiveChange {
  readonly live: KubeObject;
  readonly modified: JsonMap;
  readonly resource: Resource;
}

/** Brings the live object to what the manifest says, as kubectl apply does; an object that is so already is left alone. */
function patchLive(
  { live, modified, resource }: LiveChange,
  request: LiveRequest,
  { server }: World,
  { kubernetesVersion: version }: ApplyOptions,
): Answer {
  const { apiVersion } = request;
  const current = onWire(server.read(resource, live, apiVersion, undefined) ?? live, version);
  const kind = { apiVersion, kind: resource.kind, resource, version, overwrite: true };
  const patched = threeWayPatch({ original: originalConfiguration(current), modified, current }, kind, () => {});
  if (!patched.ok) return refusedBy(badRequest(patched.error));
  if (Object.keys(patched.patch).length === 0) return { ok: true, code: 200, object: live, warnings: [] };
  return server.handle({
    verb: 'patch',
    name: live.metadata.name ?? '',
    patchType: patched.type,
    patch: patched.patch,
    fieldValidation: 'Strict',
    ...request,
  });
}

function refusedBy(status: Status, warnings: readonly string[] = []): Answer {
  return { ok: false, code: status.code, status, warnings };
}

/** The manifest in its namespace, with kubectl's memory of it: a later apply knows what it said. */
function configurationOf(manifest: Manifest, namespace: string | undefined): JsonMap {
  // A manifest is a JSON object; what is no map in its metadata, the decoder refuses.
  const value = manifest.value as JsonMap;
  const { metadata } = value;
  if (!isMap(metadata) || (metadata['annotations'] !== undefined && !isMap(metadata['annotations']))) return value;
  const { namespace: _, ...rest } = metadata;
  const placed = namespace === undefined ? rest : { ...rest, namespace };
  return annotatedConfiguration({ ...value, metadata: placed });
}

/** The configuration as the request's namespace alone places it. */
function unplaced(configuration: JsonMap): JsonMap {
  const { metadata } = configuration;
  if (!isMap(metadata)) return configuration;
  const { namespace: _, ...rest } = metadata;
  return { ...configuration, metadata: rest };
}

export function bodyOf(manifest: Manifest): Body {
  const { duplicates, value, document } = manifest;
  return {
    tree: { value },
    isYaml: true,
    text: document.text,
    ...(duplicates.length > 0 ? { duplicateKeys: duplicates.map(({ message }) => message) } : {}),
  };
}

/** One diagnostic for each cause, where there are any, at the line of its field. */
export function refusals(
  manifest: Manifest,
  { reason, message = '', details }: Status,
  namespace?: string,
  unread?: string,
): Diagnostic[] {
  const object = refOf(manifest, namespace);
  const code = reason || 'Refused';
  const causes = details?.causes?.filter(({ field }) => field) ?? [];
  if (causes.length === 0) {
    const field = unread ?? strictField(message);
    return [{ severity: 'error', code, message, object, ...(field ? { field } : {}), source: locate(manifest, field) }];
  }
  return causes.map(({ field = '', message: text = '', reason: cause }) => ({
    severity: 'error' as const,
    code: cause || code,
    message: text,
    object,
    field,
    source: locate(manifest, field),
  }));
}

/** The first field that a strict decoding error names. */
export function strictField(message: string): string | undefined {
  return /(?:unknown|duplicate) field "([^"]+)"/.exec(message)?.[1];
}

function warningOf(manifest: Manifest, text: string): Diagnostic {
  const [field = ''] = text.split(':');
  const isField = /^[a-z][\w.[\]"/-]*$/i.test(field) && fieldSteps(field).length > 1;
  return {
    severity: 'warning',
    code: 'APIWarning',
    message: text,
    object: refOf(manifest),
    source: locate(manifest, isField ? field : undefined),
  };
}

export function unknownKind(manifest: Manifest, version: KubernetesVersion): Diagnostic {
  const { apiVersion, kind } = manifest;
  const life = lifecycleOf(apiVersion, kind);
  const replacement = life?.replacement && `${life.replacement.apiVersion}`;
  const switches = switchesFor(apiVersion, kind, version);
  return {
    severity: 'error',
    code: life?.removed ? 'RemovedAPI' : 'UnknownKind',
    message: `no matches for kind "${kind}" in version "${apiVersion}"`,
    object: refOf(manifest),
    source: locate(manifest, 'kind'),
    nextStep: life?.removed
      ? `${apiVersion} ${kind} is no longer served since Kubernetes ${life.removed}${replacement ? `; use ${replacement}` : ''}.`
      : switches
        ? `Kubernetes ${version} serves it with ${switches}.`
        : `Kubernetes ${version} does not serve it; check the spelling of apiVersion and kind.`,
  };
}

function refOf({ apiVersion, kind, namespace, name }: Manifest, fallback?: string): ObjectRef {
  const ns = namespace ?? fallback;
  return { apiVersion, kind, ...(ns === undefined ? {} : { namespace: ns }), name };
}
