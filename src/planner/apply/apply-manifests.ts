// The submitted objects as requests to the API server, in apply order; what it refuses becomes diagnostics with file and line.
import type { Diagnostic, ObjectRef } from '../../apimachinery/diagnostic.ts';
import { goMarshal } from '../../apimachinery/go-json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Status } from '../../apimachinery/status.ts';
import { type Body, decodeBody } from '../../apiserver/decode.ts';
import type { Answer } from '../../apiserver/request.ts';
import { type Resource, resourceNameOf } from '../../apiserver/resource.ts';
import { fieldSteps, locate, type Manifest } from '../../manifests/manifest.ts';
import { lifecycleOf, typeIdOfKind } from '../../schema/kinds.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import type { World } from '../world.ts';
import { inApplyOrder } from './order.ts';
import { LAST_APPLIED, overlay } from './overlay.ts';

export interface ApplyOptions {
  /** Namespace of namespaced objects that name none. */
  readonly defaultNamespace: string;
  readonly kubernetesVersion: KubernetesVersion;
}

export interface Applied {
  /** What was accepted, by `resource namespace/name`: the value as it stands in the file. */
  readonly submitted: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly refused: number;
  readonly diagnostics: readonly Diagnostic[];
}

export function applyManifests(world: World, manifests: readonly Manifest[], options: ApplyOptions): Applied {
  const submitted = new Map<string, Readonly<Record<string, unknown>>>();
  const diagnostics: Diagnostic[] = [];
  let refused = 0;
  for (const manifest of inApplyOrder(manifests)) {
    const resource = world.server.options.catalog.byKind(manifest.apiVersion, manifest.kind);
    if (!resource) {
      diagnostics.push(unknownKind(manifest, options.kubernetesVersion));
      refused += 1;
      continue;
    }
    const { answer, namespace } = applyOne(world, manifest, resource, options);
    for (const warning of answer.warnings) diagnostics.push(warningOf(manifest, warning));
    if (answer.ok) {
      const { metadata } = answer.object;
      submitted.set(`${resourceNameOf(resource)} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`, manifest.value);
      continue;
    }
    refused += 1;
    diagnostics.push(...refusals(manifest, answer.status, namespace));
  }
  return { submitted, refused, diagnostics };
}

function applyOne(
  world: World,
  manifest: Manifest,
  resource: Resource,
  options: ApplyOptions,
): { readonly answer: Answer; readonly namespace: string | undefined } {
  const { server } = world;
  const namespace = resource.namespaced ? (manifest.namespace ?? options.defaultNamespace) : undefined;
  const place = namespace === undefined ? {} : { namespace };
  const version = manifest.apiVersion.slice(manifest.apiVersion.indexOf('/') + 1);
  const applied = withLastApplied(manifest.value, namespace);
  const body = { ...bodyOf(manifest), tree: { value: applied } };
  const decoded = decodeBody(body, { resource, version }, options.kubernetesVersion, 'Strict');
  const refusedBy = (status: Status, warnings: readonly string[] = []): Answer => ({
    ok: false,
    code: status.code,
    status,
    warnings,
  });
  if (!decoded.ok) return { answer: refusedBy(decoded.status), namespace };

  const cause = { who: 'user', source: locate(manifest) };
  const request = { resource: resourceNameOf(resource), apiVersion: manifest.apiVersion, cause, ...place };
  const live = decoded.object.metadata.name
    ? server.find(resource, namespace, decoded.object.metadata.name)
    : undefined;
  if (!live) return { answer: server.handle({ verb: 'create', object: decoded.object, ...request }), namespace };
  const conversion = resource.otherVersions?.find((other) => other.version === version);
  const merged = overlay({
    live: asJson(conversion ? conversion.fromStored(live) : live),
    manifest: applied,
    lastApplied: lastApplied(live),
    version: options.kubernetesVersion,
    typeId: typeIdOfKind(manifest.apiVersion, manifest.kind, options.kubernetesVersion),
  });
  const next = decodeBody(
    { tree: { value: merged }, isYaml: false },
    { resource, version },
    options.kubernetesVersion,
    'Strict',
  );
  if (!next.ok) return { answer: refusedBy(next.status), namespace };
  return {
    answer: server.handle({
      verb: 'update',
      name: decoded.object.metadata.name ?? '',
      object: next.object,
      ...request,
    }),
    namespace,
  };
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

/** The manifest with kubectl's memory of it: its own text, so that a later apply knows what it said. */
function withLastApplied(value: Manifest['value'], namespace: string | undefined): Manifest['value'] {
  const { metadata } = value;
  // What is no map, the decoder refuses.
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return value;
  const { annotations, ...rest } = metadata as Readonly<Record<string, unknown>>;
  if (
    annotations !== undefined &&
    (annotations === null || typeof annotations !== 'object' || Array.isArray(annotations))
  )
    return value;
  const { [LAST_APPLIED]: _, ...own } = (annotations ?? {}) as Readonly<Record<string, unknown>>;
  const placed = namespace === undefined ? rest : { ...rest, namespace };
  const text = `${goMarshal({ ...value, metadata: { ...placed, annotations: own } })}\n`;
  return { ...value, metadata: { ...rest, annotations: { ...own, [LAST_APPLIED]: text } } };
}

function lastApplied(live: KubeObject): Readonly<Record<string, unknown>> | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function asJson(object: KubeObject): Readonly<Record<string, unknown>> {
  return object as unknown as Readonly<Record<string, unknown>>;
}

/** One diagnostic for each cause, where there are any, at the line of its field. */
export function refusals(
  manifest: Manifest,
  { reason, message = '', details }: Status,
  namespace?: string,
): Diagnostic[] {
  const object = refOf(manifest, namespace);
  const code = reason || 'Refused';
  const causes = details?.causes?.filter(({ field }) => field) ?? [];
  if (causes.length === 0) {
    const field = strictField(message);
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
  return {
    severity: 'error',
    code: life?.removed ? 'RemovedAPI' : 'UnknownKind',
    message: `no matches for kind "${kind}" in version "${apiVersion}"`,
    object: refOf(manifest),
    source: locate(manifest, 'kind'),
    nextStep: life?.removed
      ? `${apiVersion} ${kind} is no longer served since Kubernetes ${life.removed}${replacement ? `; use ${replacement}` : ''}.`
      : `Kubernetes ${version} does not serve it; check the spelling of apiVersion and kind.`,
  };
}

function refOf({ apiVersion, kind, namespace, name }: Manifest, fallback?: string): ObjectRef {
  const ns = namespace ?? fallback;
  return { apiVersion, kind, ...(ns === undefined ? {} : { namespace: ns }), name };
}
