// A request as it comes over HTTP (method, path, body) to the API server's own: finds the resource, decodes the body, encodes the answer.
// Behaviour: [apiserver]/pkg/endpoints/request/requestinfo.go, handlers/{create,update}.go, Kubernetes v1.36.3.
import type { SourceLocation } from '../apimachinery/diagnostic.ts';
import type { Json, JsonMap } from '../apimachinery/json.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import {
  failure,
  methodNotSupported,
  notFound,
  type Status,
  statusDocument,
  success,
  unsupportedMediaType,
} from '../apimachinery/status.ts';
import { encodeObject } from '../schema/encode.ts';
import { hasGroup, typeIdOfKind } from '../schema/kinds.ts';
import type { KubernetesVersion } from '../schema/layout.ts';
import type { Selector } from '../selectors/label-selector.ts';
import { type Body, decodeBody, deprecationWarning, type ExpectedKind } from './decode.ts';
import { withReset } from './field-management/managed-fields.ts';
import { NO_STRATEGIC_MERGE } from './registry/patch/patched-object.ts';
import { SCALES } from './registry/scale.ts';
import type {
  Answer,
  Cause,
  DeleteRequest,
  FieldValidation,
  PatchBody,
  PatchRequest,
  User,
  WriteRequest,
} from './request.ts';
import { apiVersionOf, type Resource, resourceNameOf } from './resource.ts';
import type { ResourceCatalog } from './resource-catalog.ts';
import type { ApiServer } from './server.ts';
import { warningHeaders } from './warning-headers.ts';

interface RequestPath {
  readonly group: string;
  readonly version: string;
  readonly namespace?: string;
  readonly resource: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Where the wish behind a request stands. */
interface Sourced {
  readonly source?: SourceLocation;
}

interface HttpRequest extends Sourced {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: Body;
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager?: string;
  /** Who asks; a cluster administrator when absent. */
  readonly user?: User;
}

interface HttpPatch extends Sourced {
  readonly method: 'PATCH';
  readonly path: string;
  readonly contentType: string;
  readonly body: PatchBody;
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager?: string;
  readonly force?: boolean;
}

type HttpBodiless =
  | ({ readonly method: 'GET'; readonly path: string } & Sourced)
  | ({
      readonly method: 'DELETE';
      readonly path: string;
      readonly dryRun: boolean;
      readonly propagationPolicy?: DeleteRequest['propagationPolicy'];
      readonly gracePeriodSeconds?: number;
    } & Sourced);

export type HttpCall = HttpRequest | HttpPatch | HttpBodiless;

export interface HttpAnswer {
  readonly code: number;
  readonly warnings: readonly string[];
  /** The object as it is written to the wire, with Go's nulls. */
  readonly object?: Readonly<Record<string, unknown>>;
  readonly status?: Status;
}

const NOT_FOUND = 'the server could not find the requested resource';
const NOT_ALLOWED = 'the server does not allow this method on the requested resource';

export function parseRequestPath(path: string): RequestPath | undefined {
  const parts = path
    .split('?')[0]!
    .split('/')
    .filter((part) => part !== '');
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return undefined;
  const [group, version] = isCore ? ['', parts[1]] : [parts[1] ?? '', parts[2]];
  if (version === undefined) return undefined;
  const rest = parts.slice(isCore ? 2 : 3);
  const isBelowNamespace = rest[0] === 'namespaces' && rest.length > 2 && !['finalize', 'status'].includes(rest[2]!);
  const namespace = isBelowNamespace ? rest[1] : undefined;
  const [resource, name, subresource] = isBelowNamespace ? rest.slice(2) : rest;
  if (resource === undefined) return undefined;
  return {
    group,
    version,
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

const PATCH_TYPES: Readonly<Record<string, PatchRequest['patchType']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};
const UNKNOWN_MEDIA_TYPE = '415: Unsupported Media Type';

/** Undefined for a content type that no resource takes. */
export function patchTypeOf(contentType: string): PatchRequest['patchType'] | undefined {
  return PATCH_TYPES[contentType.split(';')[0] ?? ''];
}

export function handleHttp(server: ApiServer, request: HttpCall, version: KubernetesVersion): HttpAnswer {
  const path = parseRequestPath(request.path);
  const refused = (status: Status): HttpAnswer => ({ code: status.code, warnings: [], status });
  if (!path) return { code: 404, warnings: [], status: failure(404, '', '404 page not found\n') };
  const { catalog } = server.options;
  const resource = resourceAt(path, catalog);
  if (!resource)
    return isKnownGroup(path, catalog, version)
      ? refused(failure(404, 'NotFound', NOT_FOUND))
      : { code: 404, warnings: [], status: failure(404, '', '404 page not found\n') };
  if (resource.namespaced && path.namespace === undefined)
    return refused(failure(405, 'MethodNotAllowed', NOT_ALLOWED));
  if (path.subresource !== undefined && !hasSubresource(resource, path.subresource)) {
    if (!resource.custom) return refused(failure(404, 'NotFound', NOT_FOUND));
    const target = { group: resource.group, resource: resource.plural };
    return { ...refused(notFound(target, path.name ?? '')), warnings: placeOf(resource, path, version).warnings };
  }
  if (request.method === 'PATCH') return handlePatch(server, resource, path, request, version);
  if (request.method === 'GET' || request.method === 'DELETE')
    return handleBodiless(server, resource, path, request, version);
  if ((request.method === 'POST') !== (path.name === undefined) && path.subresource === undefined)
    return refused(
      methodNotSupported(
        { group: resource.group, resource: resource.plural },
        request.method === 'POST' ? 'create' : 'update',
      ),
    );

  const expected = expectedBody(resource, path);
  const decoded = decodeBody(request.body, expected, version, request.fieldValidation);
  if (!decoded.ok) return { ...refused(decoded.status), warnings: placeOf(resource, path, version).warnings };
  // A body is JSON, once it is read.
  const object = withReset(decoded.object, request.body.tree.value as Json);
  const { answer } = send(server, resource, path, request, object);
  return answered(answer, decoded.warnings, version);
}

/** Subresources whose bodies are of a kind of their own. */
const BODIES: Readonly<Record<string, ExpectedKind>> = {
  scale: { resource: SCALES, version: SCALES.version },
  eviction: { resource: { group: 'policy', kind: 'Eviction' }, version: 'v1' },
  binding: { resource: { group: '', kind: 'Binding' }, version: 'v1' },
};

function expectedBody(resource: Resource, { subresource = '', version }: RequestPath): ExpectedKind {
  const ofItsOwn = Object.hasOwn(BODIES, subresource) ? BODIES[subresource] : undefined;
  return ofItsOwn ?? { resource, version };
}

function handlePatch(
  server: ApiServer,
  resource: Resource,
  path: RequestPath,
  request: HttpPatch,
  version: KubernetesVersion,
): HttpAnswer {
  const refused = (status: Status): HttpAnswer => ({ code: status.code, warnings: [], status });
  const patchType = patchTypeOf(request.contentType);
  if (!patchType) return refused(unsupportedMediaType(UNKNOWN_MEDIA_TYPE));
  if (resource.custom && patchType === 'strategic') return refused(NO_STRATEGIC_MERGE);
  const { body } = request;
  const { warnings: decodingWarnings, ...place } = placeOf(resource, path, version, request);
  const answer = server.handle({
    verb: 'patch',
    name: path.name ?? '',
    patchType,
    patch: body.tree.value,
    body,
    fieldValidation: request.fieldValidation,
    dryRun: request.dryRun,
    ...place,
    ...(request.force === undefined ? {} : { force: request.force }),
    ...(request.fieldManager === undefined ? {} : { fieldManager: request.fieldManager }),
  });
  return answered(answer, decodingWarnings, version);
}

function handleBodiless(
  server: ApiServer,
  resource: Resource,
  path: RequestPath,
  request: HttpBodiless,
  version: KubernetesVersion,
): HttpAnswer {
  const { warnings, ...place } = placeOf(resource, path, version, request);
  const target = { group: resource.group, resource: resource.plural };
  const name = path.name ?? '';
  if (request.method === 'GET') {
    const denied = server.deniedRead('get', resource, path);
    if (denied) return { code: denied.code, warnings, status: denied };
  }
  const stored = server.find(resource, path.namespace, name);
  if (!stored) return { code: 404, warnings, status: notFound(target, name) };
  if (request.method === 'GET') {
    const object = server.read(resource, stored, place.apiVersion, path.subresource);
    return object
      ? { code: 200, warnings, object: onWire(object, version) }
      : { code: 404, warnings, status: failure(404, 'NotFound', NOT_FOUND) };
  }
  const { dryRun, propagationPolicy, gracePeriodSeconds } = request;
  const options = {
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
  };
  const answer = server.handle({ verb: 'delete', name, dryRun, ...options, ...place });
  const isGone = answer.ok && !request.dryRun && !server.find(resource, path.namespace, name);
  if (!isGone) return answered(answer, warnings, version);
  const { uid } = stored.metadata;
  const details = { name, group: resource.group, kind: resource.plural, ...(uid === undefined ? {} : { uid }) };
  return { code: 200, warnings: [...warnings, ...answer.warnings], object: statusDocument(success(details)) };
}

/** The objects of a collection that a selector takes, as a GET of each would answer it. */
export function listHttp(
  server: ApiServer,
  path: string,
  selector: Selector,
  version: KubernetesVersion,
): Pick<HttpAnswer, 'warnings' | 'status'> & { readonly items: readonly Readonly<Record<string, unknown>>[] } {
  const parsed = parseRequestPath(path);
  const served = parsed && resourceAt(parsed, server.options.catalog);
  if (!parsed || !served) return { warnings: [], items: [], status: failure(404, 'NotFound', NOT_FOUND) };
  const { warnings, apiVersion } = placeOf(served, parsed, version);
  const denied = server.deniedRead('list', served, parsed);
  if (denied) return { warnings, items: [], status: denied };
  const stored = server.reader.list(resourceNameOf(served.storedAs ?? served), parsed.namespace);
  const items = stored
    .filter(({ metadata }) => selector.matches(metadata.labels ?? {}))
    .flatMap((object) => server.read(served, object, apiVersion, undefined) ?? [])
    .map((object) => onWire(object, version));
  return { warnings, items };
}

function causeOf(source: SourceLocation | undefined): Cause {
  return { who: 'user', ...(source ? { source } : {}) };
}

/** Where a request goes, and what there is to say of its API version. */
function placeOf(resource: Resource, path: RequestPath, version: KubernetesVersion, { source }: Sourced = {}) {
  const apiVersion = apiVersionOf({ group: resource.group, version: path.version });
  const deprecated = resource.custom
    ? resource.custom.deprecationWarning(apiVersion)
    : deprecationWarning(apiVersion, resource.kind, version);
  return {
    resource: resourceNameOf(resource),
    apiVersion,
    cause: causeOf(source),
    warnings: deprecated === undefined ? [] : [deprecated],
    ...(path.namespace === undefined ? {} : { namespace: path.namespace }),
    ...(path.subresource === undefined ? {} : { subresource: path.subresource }),
  };
}

function answered(answer: Answer, before: readonly string[], version: KubernetesVersion): HttpAnswer {
  const warnings = warningHeaders([...before, ...answer.warnings]);
  if (!answer.ok) return { code: answer.code, warnings, status: answer.status };
  return { code: answer.code, warnings, object: onWire(answer.object, version) };
}

function send(
  server: ApiServer,
  resource: Resource,
  path: RequestPath,
  request: HttpRequest,
  object: KubeObject,
): { readonly answer: Answer } {
  const base = {
    resource: resourceNameOf(resource),
    apiVersion: apiVersionOf({ group: resource.group, version: path.version }),
    object,
    cause: causeOf(request.source),
    dryRun: request.dryRun,
    fieldValidation: request.fieldValidation,
    ...(request.user === undefined ? {} : { user: request.user }),
    ...(path.namespace === undefined ? {} : { namespace: path.namespace }),
    ...(path.subresource === undefined ? {} : { subresource: path.subresource }),
    ...(request.fieldManager === undefined ? {} : { fieldManager: request.fieldManager }),
  };
  const write: WriteRequest =
    request.method === 'PUT'
      ? { verb: 'update', name: path.name ?? '', ...base }
      : { verb: 'create', ...base, ...(path.name === undefined ? {} : { name: path.name }) };
  return { answer: server.handle(write) };
}

function hasSubresource({ subresources, actions, scale }: Resource, name: string): boolean {
  if (name === 'scale') return scale !== undefined;
  return subresources?.[name] !== undefined || actions?.[name] !== undefined;
}

function resourceAt({ group, version, resource }: RequestPath, catalog: ResourceCatalog): Resource | undefined {
  const found = catalog.byName(group === '' ? resource : `${resource}.${group}`);
  if (!found) return undefined;
  return found.version === version || found.otherVersions?.some((other) => other.version === version)
    ? found
    : undefined;
}

function isKnownGroup({ group }: RequestPath, catalog: ResourceCatalog, version: KubernetesVersion): boolean {
  return group === '' || hasGroup(group, version) || catalog.all().some((resource) => resource.group === group);
}

/** The JSON object that goes over the wire. */
export function onWire(object: KubeObject, version: KubernetesVersion): JsonMap {
  const typeId = typeIdOfKind(object.apiVersion, object.kind, version);
  // An object of a type that is not built in is JSON as it stands.
  const json = object as unknown as JsonMap;
  if (typeId === undefined) return json;
  // Encoding maps an object of this type to the JSON object that Go writes for it.
  return encodeObject(version, typeId, json) as JsonMap;
}
