// The first step of a request: the body becomes an object of the version it claims, or the answer that refuses it.
// Behaviour: [apiserver]/pkg/endpoints/handlers/{create,rest}.go, [apimachinery]/pkg/runtime/serializer/json/json.go, Kubernetes v1.36.3.
import type { KubeObject } from '../apimachinery/object.ts';
import { badRequest, type Status } from '../apimachinery/status.ts';
import { compareMinorVersions, parseMinorVersion } from '../apimachinery/version.ts';
import { decodeObject } from '../schema/decode/decode-object.ts';
import type { JsonTree } from '../schema/decode/json-tree.ts';
import { cannotBeHandled, kindNotRegistered, strictDecodingError, unrecognized } from '../schema/decode/messages.ts';
import { interpretTypeMeta } from '../schema/decode/type-meta.ts';
import { apiVersionOf as apiVersionText, lifecycleOf, typeIdOfKind } from '../schema/kinds.ts';
import type { KubernetesVersion } from '../schema/layout.ts';
import type { FieldValidation } from './request.ts';
import type { Resource } from './resource.ts';

/** A request body after its JSON or YAML was read. */
export interface Body {
  readonly tree: JsonTree;
  /** The text itself, for messages that quote its beginning. */
  readonly text?: string;
  readonly isYaml: boolean;
  /** Keys that stand twice in the YAML: `line 7: key "k" already set in map`. */
  readonly duplicateKeys?: readonly string[];
}

export type DecodedBody =
  | { readonly ok: true; readonly object: KubeObject; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly status: Status };

export interface ExpectedKind {
  readonly resource: Pick<Resource, 'group' | 'kind'>;
  /** Version that the request's path names. */
  readonly version: string;
}

export function decodeBody(
  body: Body,
  { resource, version }: ExpectedKind,
  kubernetesVersion: KubernetesVersion,
  fieldValidation: FieldValidation,
): DecodedBody {
  const meta = interpretTypeMeta(body.tree);
  if (!meta.ok) return refused(unrecognized(resource.kind, meta.error, body.text ?? ''));
  const kind = meta.gvk.kind || resource.kind;
  const isBare = meta.gvk.version === '' && meta.gvk.group === '';
  const group = isBare ? resource.group : meta.gvk.group;
  const actualVersion = isBare ? version : meta.gvk.version;
  const apiVersion = apiVersionText(group, actualVersion);
  const refusedFor = (cause: string): DecodedBody =>
    refused(cannotBeHandled({ kind, version: actualVersion }, resource.kind, cause));
  const typeId = typeIdOfKind(apiVersion, kind, kubernetesVersion);
  if (typeId === undefined) return refusedFor(kindNotRegistered(kind, apiVersion));

  const strict = fieldValidation !== 'Ignore';
  const decoded = decodeObject<KubeObject>(kubernetesVersion, typeId, body.tree, {
    strict,
    keyOrder: body.isYaml ? 'sorted' : 'document',
  });
  if (!decoded.ok) return refusedFor(decoded.error);
  if (kind !== resource.kind)
    return refusedFor(
      `converting (${actualVersion}.${kind}) to (${internalPackage(resource.group)}.${resource.kind}): unknown conversion`,
    );

  const yamlErrors = strict ? (body.duplicateKeys ?? []) : [];
  const strictErrors = [
    ...(yamlErrors.length > 0 ? [`yaml: unmarshal errors:\n${yamlErrors.map((line) => `  ${line}`).join('\n')}`] : []),
    ...decoded.strictErrors,
  ];
  if (fieldValidation === 'Strict' && strictErrors.length > 0) return refusedFor(strictDecodingError(strictErrors));
  const expected = apiVersionText(resource.group, version);
  if (apiVersion !== expected)
    return refused(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  const deprecated = deprecationWarning(apiVersion, kind, kubernetesVersion);
  const found = fieldValidation === 'Warn' ? [...yamlErrors, ...decoded.strictErrors] : [];
  const warnings = deprecated === undefined ? found : [deprecated, ...found];
  return { ok: true, object: { ...decoded.object, apiVersion, kind }, warnings };
}

/** What the server says about an API version that is on its way out ([apiserver]/pkg/endpoints/deprecation). */
function deprecationWarning(
  apiVersion: string,
  kind: string,
  kubernetesVersion: KubernetesVersion,
): string | undefined {
  const life = lifecycleOf(apiVersion, kind);
  const [now, since] = [parseMinorVersion(kubernetesVersion), parseMinorVersion(life?.deprecated ?? '')];
  if (!life || !now || !since || compareMinorVersions(now, since) < 0) return undefined;
  const removed = life.removed ? `, unavailable in v${life.removed}+` : '';
  const replacement = life.replacement ? `; use ${life.replacement.apiVersion} ${life.replacement.kind}` : '';
  return `${apiVersion} ${kind} is deprecated in v${life.deprecated}+${removed}${replacement}`;
}

function refused(message: string): DecodedBody {
  return { ok: false, status: badRequest(message) };
}

/** Go package of a group's internal types. */
function internalPackage(group: string): string {
  return group === '' ? 'core' : (group.split('.')[0] ?? group);
}
