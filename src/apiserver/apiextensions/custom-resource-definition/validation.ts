// What is wrong with a CustomResourceDefinition, new or changed; an update is not held to rules that the old one broke.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/validation/validation.go, Kubernetes v1.36.3.
// Differs: of a CA bundle only its form is looked at, not the certificates.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, invalid, notSupported, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isDns1035Label, isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
  JSONSchemaProps,
} from '../../../schema/generated/types/apiextensions-v1.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { approvalErrors } from './api-approval.ts';
import { allowsInvalidCaBundle, hasRecognizedReviewVersion, validateConversion } from './conversion-validation.ts';
import { hasUnprunedDefaults } from './default-validation.ts';
import { pointerText, versionText } from './go-text.ts';
import {
  type InternalSpec,
  type InternalVersion,
  internalSpec,
  schemaOfVersion,
  schemasOf,
} from './internal-definition.ts';
import { hasDivisibleSetItems, OPENAPI_TYPES, validateListItems } from './openapi-validation.ts';
import { someSchema } from './schema-visitor.ts';
import { isEstablished } from './status.ts';
import { structuralError, validateStructural } from './structural-validation.ts';
import {
  MAX_SELECTABLE_FIELDS,
  type VersionOptions,
  validateColumn,
  validateSchemaOf,
  validateSelectableFields,
  validateSubresources,
} from './version-validation.ts';

const METADATA = FieldPath.of('metadata');
const SPEC = FieldPath.of('spec');
const STATUS = FieldPath.of('status');
const NO_PATH = FieldPath.of('');

const NAME_MISMATCH = 'must be spec.names.plural+"."+spec.group';
const ONE_DOT = 'should be a domain with at least one dot';
const SAME_KINDS = 'kind and listKind may not be the same';
const ONE_STORAGE_VERSION = 'must have exactly one version marked as storage version';
const UNIQUE_VERSIONS = 'must contain unique version names';
const NOT_PRESERVED =
  'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
const DEFAULTS_NEED_PRUNING = 'must be false in order to use defaults in the schema';
const PRUNED = 'because otherwise all fields are pruned';
const CONVERSION_NEEDS_PRUNING = 'must be None if spec.preserveUnknownFields is true';
const NO_STORED_VERSION = 'must have at least one stored version';

interface Options extends VersionOptions {
  readonly requireOpenApiSchema: boolean;
  readonly requireImmutableNames: boolean;
  readonly requireRecognizedReviewVersion: boolean;
  readonly allowInvalidCaBundle: boolean;
  /** Versions that had too many selectable fields before; `''` stands for what all versions share. */
  readonly tooManySelectableFields: ReadonlySet<string>;
}

export function validateDefinition(
  crd: CustomResourceDefinition,
  kubernetesVersion: KubernetesVersion,
): readonly FieldError[] {
  const spec = internalSpec(crd.spec);
  const options: Options = {
    requireOpenApiSchema: true,
    requireValidPropertyType: true,
    requireStructuralSchema: true,
    requirePrunedDefaults: true,
    requireAtomicSetType: true,
    requireMapListKeysMapSetValidation: true,
    requireImmutableNames: false,
    requireRecognizedReviewVersion: true,
    allowInvalidCaBundle: true,
    tooManySelectableFields: new Set(),
    unchangedVersions: new Set(),
    kubernetesVersion,
  };
  return [
    ...nameErrors(crd),
    ...validateSpec(spec, options),
    ...validateStatus(crd.status),
    ...validateStoredVersions(crd.status.storedVersions, spec),
    ...approvalErrors(crd, undefined),
    ...(spec.preserveUnknownFields ? [invalid(SPEC.child('preserveUnknownFields'), true, NOT_PRESERVED)] : []),
  ];
}

export function validateDefinitionUpdate(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition,
  kubernetesVersion: KubernetesVersion,
): readonly FieldError[] {
  const spec = internalSpec(crd.spec);
  const oldSpec = internalSpec(old.spec);
  const options = optionsForUpdate(crd, old, oldSpec, kubernetesVersion);
  const errors = [...validateSpec(spec, options)];
  const { names, scope, group } = spec;
  if (options.requireImmutableNames) {
    errors.push(...validateImmutableField(scope, oldSpec.scope, SPEC.child('scope')));
    errors.push(...validateImmutableField(names.kind, oldSpec.names.kind, SPEC.child('names', 'kind')));
  }
  errors.push(...validateImmutableField(group, oldSpec.group, SPEC.child('group')));
  errors.push(...validateImmutableField(names.plural, oldSpec.names.plural, SPEC.child('names', 'plural')));
  errors.push(...validateStatus(crd.status), ...validateStoredVersions(crd.status.storedVersions, spec));
  errors.push(...approvalErrors(crd, old));
  if (spec.preserveUnknownFields && !oldSpec.preserveUnknownFields)
    errors.push(invalid(SPEC.child('preserveUnknownFields'), true, NOT_PRESERVED));
  return errors;
}

function optionsForUpdate(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition,
  oldSpec: InternalSpec,
  kubernetesVersion: KubernetesVersion,
): Options {
  const schemas = schemasOf(oldSpec);
  const has = (isWanted: (schema: JSONSchemaProps) => boolean): boolean =>
    schemas.some((schema) => someSchema(schema, isWanted));
  const { conversion } = oldSpec;
  return {
    requireOpenApiSchema: everyVersionHasSchema(oldSpec),
    requireValidPropertyType: !has(({ type = '' }) => type !== '' && !OPENAPI_TYPES.includes(type)),
    requireStructuralSchema: schemas.every(isStructural),
    requirePrunedDefaults: !schemas.some((schema) => isStructural(schema) && hasUnprunedDefaults(schema)),
    requireAtomicSetType: !has(hasDivisibleSetItems),
    requireMapListKeysMapSetValidation: !has((schema) => validateListItems(schema, NO_PATH).length > 0),
    requireImmutableNames: isEstablished(old),
    requireRecognizedReviewVersion: !conversion || hasRecognizedReviewVersion(conversion.conversionReviewVersions),
    allowInvalidCaBundle: allowsInvalidCaBundle(old, conversion),
    tooManySelectableFields: unchangedTooManyFields(internalSpec(crd.spec), oldSpec),
    unchangedVersions: unchangedSchemas(internalSpec(crd.spec), oldSpec),
    kubernetesVersion,
  };
}

function isStructural(schema: JSONSchemaProps): boolean {
  return structuralError(schema) === undefined && validateStructural(schema, NO_PATH).length === 0;
}

function everyVersionHasSchema({ schema, versions }: InternalSpec): boolean {
  return schema?.openAPIV3Schema !== undefined || versions.every((version) => version.schema?.openAPIV3Schema);
}

function unchangedTooManyFields(spec: InternalSpec, old: InternalSpec): ReadonlySet<string> {
  const result = new Set<string>();
  const note = (name: string, now: Pick<InternalVersion, 'selectableFields'>, before: typeof now | undefined): void => {
    const fields = before?.selectableFields ?? [];
    if (fields.length > MAX_SELECTABLE_FIELDS && semanticDeepEqual(now.selectableFields, fields)) result.add(name);
  };
  note('', spec, old);
  for (const version of spec.versions)
    note(
      version.name,
      version,
      old.versions.find(({ name }) => name === version.name),
    );
  return result;
}

function unchangedSchemas(spec: InternalSpec, old: InternalSpec): ReadonlySet<string> {
  const isShared = !old.versions.some(({ schema }) => schema);
  const names = spec.versions
    .map(({ name }) => name)
    .filter((name) => isShared || old.versions.some((each) => each.name === name));
  return new Set(names.filter((name) => semanticDeepEqual(schemaOfVersion(spec, name), schemaOfVersion(old, name))));
}

/** A definition is called like the resource it defines; metadata's own rules the pipeline looks after. */
function nameErrors({ metadata, spec }: CustomResourceDefinition): readonly FieldError[] {
  const expected = `${spec.names.plural}.${spec.group}`;
  const { name = '', generateName = '' } = metadata;
  const errors: FieldError[] = [];
  if (generateName !== '' && generateName !== expected)
    errors.push(invalid(METADATA.child('generateName'), generateName, NAME_MISMATCH));
  if (name !== '' && name !== expected) errors.push(invalid(METADATA.child('name'), name, NAME_MISMATCH));
  return errors;
}

function validateSpec(spec: InternalSpec, given: Options): FieldError[] {
  const errors: FieldError[] = [];
  const { group, scope, versions, preserveUnknownFields, subresources, conversion } = spec;
  if (group === '') errors.push(required(SPEC.child('group'), ''));
  else {
    const wrong = isDns1123Subdomain(group);
    if (wrong.length > 0) errors.push(invalid(SPEC.child('group'), group, wrong.join(',')));
    else if (!group.includes('.')) errors.push(invalid(SPEC.child('group'), group, ONE_DOT));
  }
  errors.push(...validateEnum(scope, ['Cluster', 'Namespaced'], SPEC.child('scope')));
  errors.push(...missingSchemas(spec, given));
  const schemas = schemasOf(spec);
  const hasDefaults = schemas.some((schema) => someSchema(schema, (each) => each.default !== undefined));
  if (hasDefaults && preserveUnknownFields)
    errors.push(invalid(SPEC.child('preserveUnknownFields'), true, DEFAULTS_NEED_PRUNING));
  const requireStructuralSchema =
    given.requireStructuralSchema || !preserveUnknownFields || hasDefaults || schemas.some(hasExtensions);
  const options: Options = { ...given, requireStructuralSchema };

  const seen = new Set<string>();
  for (const [i, version] of versions.entries()) {
    const path = SPEC.child('versions').index(i);
    seen.add(version.name);
    errors.push(...labelErrors(version.name, path.child('name')));
    errors.push(...validateVersion(version, hasStatus(spec, version), path, options));
  }
  errors.push(...validateVersionList(spec, seen.size === versions.length));
  errors.push(...validateRequiredNames(spec.names), ...validateNames(spec.names, SPEC.child('names')));
  const shared = SPEC.child('validation');
  errors.push(...validateSchemaOf(spec.version, spec.schema?.openAPIV3Schema, hasAnyStatus(spec), shared, options));
  errors.push(...validateSubresources(subresources, SPEC.child('subresources')));
  for (const [i, column] of (spec.additionalPrinterColumns ?? []).entries())
    errors.push(...validateColumn(column, SPEC.child('additionalPrinterColumns').index(i)));
  errors.push(...validateSharedSelectableFields(spec, options));
  if (conversion && conversion.strategy !== 'None' && preserveUnknownFields)
    errors.push(invalid(SPEC.child('conversion').child('strategy'), conversion.strategy, CONVERSION_NEEDS_PRUNING));
  if (conversion) errors.push(...validateConversion(conversion, SPEC.child('conversion'), options));
  return errors;
}

function validateEnum(value: string, accepted: readonly string[], path: FieldPath): readonly FieldError[] {
  if (value === '') return [required(path, '')];
  return accepted.includes(value) ? [] : [notSupported(path, value, accepted)];
}

function missingSchemas(spec: InternalSpec, { requireOpenApiSchema }: Options): readonly FieldError[] {
  if (spec.schema?.openAPIV3Schema) return [];
  const missing = (i: number, detail: string): FieldError =>
    required(SPEC.child('versions').index(i).child('schema').child('openAPIV3Schema'), detail);
  return spec.versions.flatMap(({ schema, served }, i) => {
    if (schema?.openAPIV3Schema) return [];
    if (requireOpenApiSchema) return [missing(i, '')];
    return served && !spec.preserveUnknownFields ? [missing(i, PRUNED)] : [];
  });
}

function hasExtensions(schema: JSONSchemaProps): boolean {
  return someSchema(
    schema,
    (each) =>
      each['x-kubernetes-embedded-resource'] === true ||
      each['x-kubernetes-preserve-unknown-fields'] !== undefined ||
      each['x-kubernetes-int-or-string'] === true ||
      (each['x-kubernetes-list-map-keys']?.length ?? 0) > 0 ||
      each['x-kubernetes-list-type'] !== undefined ||
      (each['x-kubernetes-validations']?.length ?? 0) > 0,
  );
}

function hasStatus({ subresources, versions }: InternalSpec, version: InternalVersion): boolean {
  const isPerVersion = versions.some((each) => each.subresources);
  const own = versions.find(({ name }) => name === version.name)?.subresources;
  return (isPerVersion ? own : subresources)?.status !== undefined;
}

function hasAnyStatus({ subresources, versions }: InternalSpec): boolean {
  return subresources?.status !== undefined || versions.some((version) => version.subresources?.status);
}

function validateVersion(
  version: InternalVersion,
  isStatusEnabled: boolean,
  path: FieldPath,
  options: Options,
): readonly FieldError[] {
  const { deprecated, deprecationWarning, schema, selectableFields = [] } = version;
  const openApi = schema?.openAPIV3Schema;
  const errors: FieldError[] = warningProblems(deprecated, deprecationWarning).map((problem) =>
    invalid(path.child('deprecationWarning'), pointerText(deprecationWarning ?? ''), problem),
  );
  errors.push(...validateSchemaOf(version.name, openApi, isStatusEnabled, path.child('schema'), options));
  errors.push(...validateSubresources(version.subresources, path.child('subresources')));
  for (const [i, column] of (version.additionalPrinterColumns ?? []).entries())
    errors.push(...validateColumn(column, path.child('additionalPrinterColumns').index(i)));
  if (selectableFields.length === 0) return errors;
  const at = path.child('selectableFields');
  if (!openApi) {
    errors.push(invalid(at, '', 'may only be set when `version.schema.openAPIV3Schema` is not included'));
    return errors;
  }
  const unreadable = structuralError(openApi);
  if (unreadable !== undefined) errors.push(invalid(path.child('schema.openAPIV3Schema'), '', unreadable));
  const mayBeTooMany = options.tooManySelectableFields.has(version.name);
  errors.push(...validateSelectableFields(selectableFields, openApi, at, mayBeTooMany));
  return errors;
}

function warningProblems(deprecated: boolean, warning: string | undefined): readonly string[] {
  if (warning === undefined) return [];
  if (!deprecated) return ['can only be set for deprecated versions'];
  const problems: string[] = [];
  if (byteLength(warning) > 256) problems.push('must be <= 256 characters long');
  if (warning === '') problems.push('must not be an empty string');
  let at = 0;
  for (const char of warning) {
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)) {
      problems.push(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`);
      break;
    }
    at += byteLength(char);
  }
  return problems;
}

function validateVersionList(spec: InternalSpec, areUnique: boolean): readonly FieldError[] {
  const { versions, version } = spec;
  const path = SPEC.child('versions');
  // Only a message that is said is worth writing the versions out.
  const said = (detail: string): FieldError =>
    invalid(path, spec.hasVersionList ? versions.map(versionText) : null, detail);
  const errors: FieldError[] = [];
  if (!areUnique) errors.push(said(UNIQUE_VERSIONS));
  if (versions.filter(({ storage }) => storage).length !== 1) errors.push(said(ONE_STORAGE_VERSION));
  if (version !== '') errors.push(...labelErrors(version, SPEC.child('version')));
  return errors;
}

function validateRequiredNames(names: CustomResourceDefinitionNames): readonly FieldError[] {
  return (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((key) => (names[key] ?? '') === '')
    .map((key) => required(SPEC.child('names', key), ''));
}

function validateNames(names: CustomResourceDefinitionNames, path: FieldPath): readonly FieldError[] {
  const { plural, singular = '', kind, listKind = '', shortNames = [], categories = [] } = names;
  const errors: FieldError[] = [];
  if (plural !== '') errors.push(...labelErrors(plural, path.child('plural')));
  if (singular !== '') errors.push(...labelErrors(singular, path.child('singular')));
  if (kind !== '') errors.push(...kindErrors(kind, path.child('kind')));
  if (listKind !== '') errors.push(...kindErrors(listKind, path.child('listKind')));
  for (const [i, name] of shortNames.entries()) errors.push(...labelErrors(name, path.child('shortNames').index(i)));
  if (kind !== '' && kind === listKind) errors.push(invalid(path.child('listKind'), listKind, SAME_KINDS));
  for (const [i, name] of categories.entries()) errors.push(...labelErrors(name, path.child('categories').index(i)));
  return errors;
}

function labelErrors(name: string, path: FieldPath): readonly FieldError[] {
  const wrong = isDns1035Label(name);
  return wrong.length === 0 ? [] : [invalid(path, name, wrong.join(','))];
}

function kindErrors(kind: string, path: FieldPath): readonly FieldError[] {
  const wrong = isDns1035Label(kind.toLowerCase());
  if (wrong.length === 0) return [];
  return [invalid(path, kind, `may have mixed case, but should otherwise match: ${wrong.join(',')}`)];
}

function validateSharedSelectableFields(spec: InternalSpec, options: Options): readonly FieldError[] {
  const { selectableFields = [], schema } = spec;
  if (selectableFields.length === 0) return [];
  const path = SPEC.child('selectableFields');
  if (!schema) return [invalid(path, '', 'may only be set when validations.schema is included')];
  const openApi = schema.openAPIV3Schema ?? {};
  const unreadable = structuralError(openApi);
  return [
    ...(unreadable === undefined ? [] : [invalid(SPEC.child('schema.openAPIV3Schema'), '', unreadable)]),
    ...validateSelectableFields(selectableFields, openApi, path, options.tooManySelectableFields.has('')),
  ];
}

export function validateStatus({ acceptedNames }: CustomResourceDefinitionStatus): readonly FieldError[] {
  return validateNames(acceptedNames, STATUS.child('acceptedNames'));
}

function validateStoredVersions(
  stored: readonly string[] | undefined,
  { versions }: InternalSpec,
): readonly FieldError[] {
  const path = STATUS.child('storedVersions');
  if (!stored || stored.length === 0) return [invalid(path, stored ?? null, NO_STORED_VERSION)];
  const left = new Map(stored.map((name, i) => [name, i]));
  const errors: FieldError[] = [];
  for (const { name, storage } of versions) {
    if (storage && !left.has(name)) errors.push(invalid(path, stored, `must have the storage version ${name}`));
    left.delete(name);
  }
  for (const [name, i] of left) {
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(path.index(i), name, detail));
  }
  return errors;
}
