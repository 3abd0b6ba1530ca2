// The first step of a request: the body becomes an object of the version it claims, or the answer that refuses it.
// Behaviour: [apiserver]/pkg/endpoints/handlers/{create,rest}.go, [apimachinery]/pkg/runtime/serializer/json/json.go, Kubernetes v1.36.3.
import { goMarshal } from '../apimachinery/go/json.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { badRequest, type Status } from '../apimachinery/status.ts';
import { compareMinorVersions, parseMinorVersion } from '../apimachinery/version.ts';
import { decodeObject } from '../schema/decode/decode-object.ts';
import type { JsonTree } from '../schema/decode/json-tree.ts';
import {
  cannotBeHandled,
  kindNotRegistered,
  missingVersion,
  strictDecodingError,
  unrecognized,
} from '../schema/decode/messages.ts';
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

type DecodedBody =
  | { readonly ok: true; readonly object: KubeObject; readonly warnings: readonly string[] }
  | {
      readonly ok: false;
      readonly status: Status;
      /** What does not fit, where the message alone does not say it. */
      readonly field?: string;
    };

export interface ExpectedKind {
  readonly resource: Pick<Resource, 'group' | 'kind' | 'custom'>;
  /** Version that the request's path names. */
  readonly version: string;
}

export type DecodedInto =
  | {
      readonly ok: true;
      readonly object: KubeObject;
      /** Version that the object itself claims, which may be another one of its group. */
      readonly apiVersion: string;
      readonly strictErrors: readonly string[];
    }
  | {
      readonly ok: false;
      readonly error: string;
      readonly field?: string;
      /** Undefined when not even apiVersion and kind can be read. */
      readonly gvk: { readonly kind: string; readonly version: string } | undefined;
    };

interface DecodeIntoOptions {
  readonly strict: boolean;
  readonly keyOrder?: 'document' | 'sorted';
  /** The JSON itself, for the message that quotes it. */
  readonly text?: string;
}

/** Reads a value into the kind of a resource; what it does not say of apiVersion and kind is taken from the resource. */
export function decodeInto(
  tree: JsonTree,
  { resource, version }: ExpectedKind,
  kubernetesVersion: KubernetesVersion,
  { strict, keyOrder = 'document', text }: DecodeIntoOptions,
): DecodedInto {
  if (resource.custom) return resource.custom.decode(tree, { pathVersion: version, strict });
  const meta = interpretTypeMeta(tree, keyOrder === 'sorted');
  if (!meta.ok) return { ok: false, error: meta.error, gvk: undefined };
  const kind = meta.gvk.kind || resource.kind;
  const isBare = meta.gvk.version === '' && meta.gvk.group === '';
  const group = isBare ? resource.group : meta.gvk.group;
  const isDefaulted = isBare || (meta.gvk.version === '' && group === resource.group);
  const actualVersion = isDefaulted ? version : meta.gvk.version;
  const apiVersion = apiVersionText(group, actualVersion);
  const failed = (error: string, field = ''): DecodedInto => ({
    ok: false,
    error,
    gvk: { kind, version: actualVersion },
    ...(field === '' ? {} : { field }),
  });
  if (actualVersion === '') return failed(missingVersion(text ?? goMarshal(tree.value)));
  const typeId =
    typeIdOfKind(apiVersion, kind, kubernetesVersion) ?? typeIdOfRemoved(apiVersion, kind, kubernetesVersion);
  if (typeId === undefined) return failed(kindNotRegistered(kind, apiVersion));
  const decoded = decodeObject<KubeObject>(kubernetesVersion, typeId, tree, { strict, keyOrder });
  if (!decoded.ok) return failed(decoded.error, decoded.field);
  if (kind !== resource.kind)
    return failed(
      `converting (${actualVersion}.${kind}) to (${internalPackage(resource.group)}.${resource.kind}): unknown conversion`,
    );
  const { object: given, strictErrors } = decoded;
  const isNamed = given.apiVersion === apiVersion && given.kind === kind;
  return { ok: true, object: isNamed ? given : { ...given, apiVersion, kind }, apiVersion, strictErrors };
}

/**
 * Kubernetes still has the types of versions that it no longer serves.
 * Differs: their fields are read as those of the version that took their place.
 */
function typeIdOfRemoved(apiVersion: string, kind: string, release: KubernetesVersion): string | undefined {
  const { removed, replacement } = lifecycleOf(apiVersion, kind) ?? {};
  return removed && replacement && typeIdOfKind(replacement.apiVersion, replacement.kind, release);
}

export function decodeBody(
  body: Body,
  { resource, version }: ExpectedKind,
  kubernetesVersion: KubernetesVersion,
  fieldValidation: FieldValidation,
): DecodedBody {
  const strict = fieldValidation !== 'Ignore';
  const decoded = decodeInto(body.tree, { resource, version }, kubernetesVersion, {
    strict,
    keyOrder: body.isYaml ? 'sorted' : 'document',
    ...(body.isYaml || body.text === undefined ? {} : { text: body.text }),
  });
  if (!decoded.ok) {
    const { gvk, error, field } = decoded;
    if (!gvk) return refused(unrecognized(resource.kind, error, body.text ?? ''));
    return { ...refused(cannotBeHandled(gvk, resource.kind, error)), ...(field === undefined ? {} : { field }) };
  }
  const { apiVersion, object } = decoded;
  const yamlErrors = strict ? (body.duplicateKeys ?? []) : [];
  const strictErrors = [
    ...(yamlErrors.length > 0 ? [`yaml: unmarshal errors:\n${yamlErrors.map((line) => `  ${line}`).join('\n')}`] : []),
    ...decoded.strictErrors,
  ];
  if (fieldValidation === 'Strict' && strictErrors.length > 0) {
    const gvk = { kind: object.kind, version: apiVersion.slice(apiVersion.indexOf('/') + 1) };
    return refused(cannotBeHandled(gvk, resource.kind, strictDecodingError(strictErrors)));
  }
  const expected = apiVersionText(resource.group, version);
  if (apiVersion !== expected)
    return refused(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  const deprecated = resource.custom
    ? resource.custom.deprecationWarning(apiVersion)
    : deprecationWarning(apiVersion, object.kind, kubernetesVersion);
  const found = fieldValidation === 'Warn' ? [...yamlErrors, ...decoded.strictErrors] : [];
  const warnings = deprecated === undefined ? found : [deprecated, ...found];
  return { ok: true, object, warnings };
}

/** What the server says about an API version that is on its way out ([apiserver]/pkg/endpoints/deprecation). */
export function deprecationWarning(
  apiVersion: string,
  kind: string,
  kubernetesVersion: KubernetesVersion,
): string | undefined {
  const life = lifecycleOf(apiVersion, kind);
  if (life?.deprecated === undefined) return undefined;
  const [now, since] = [parseMinorVersion(kubernetesVersion), parseMinorVersion(life.deprecated)];
  if (!now || !since || compareMinorVersions(now, since) < 0) return undefined;
  const removed = life.removed ? `, unavailable in v${life.removed}+` : '';
  const replacement = life.replacement ? `; use ${life.replacement.apiVersion} ${life.replacement.kind}` : '';
  return `${apiVersion} ${kind} is deprecated in v${life.deprecated}+${removed}${replacement}`;
}

function refused(message: string): DecodedBody & { readonly ok: false } {
  return { ok: false, status: badRequest(message) };
}

/** Go package of a group's internal types. */
function internalPackage(group: string): string {
  return group === '' ? 'core' : (group.split('.')[0] ?? group);
}
