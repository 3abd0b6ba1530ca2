// What a definition says of one version, or of all of them: schema, subresources, printer columns, selectable fields.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/validation/validation.go, Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  required,
  tooMany,
} from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresources,
  JSONSchemaProps,
  SelectableField,
} from '../../../schema/generated/types/apiextensions-v1.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { cel } from '../../cel/loaded.ts';
import { hasRules } from '../../custom-resources/rules/rules.ts';
import type { StructuralSchema } from '../../custom-resources/structural-schema.ts';
import { validateDefaults } from './default-validation.ts';
import { pointerText, schemaText, setFields } from './go-text.ts';
import { resolveJsonPath } from './json-path.ts';
import { type SchemaOptions, validateOpenApiSchema } from './openapi-validation.ts';
import type { RuleContext } from './rule-validation.ts';
import { structuralError, validateStructural } from './structural-validation.ts';

export const MAX_SELECTABLE_FIELDS = 8;

const ALLOWED_AT_ROOT =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
const ALLOWED_FIELDS: ReadonlySet<string> = new Set(ALLOWED_AT_ROOT.split(' '));
const ONLY_ALLOWED = `only [${ALLOWED_AT_ROOT}] fields are allowed at the root of the schema if the status subresource is enabled`;
const OBJECT_AT_ROOT =
  'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const SELECTABLE_TYPE =
  'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

export interface VersionOptions extends SchemaOptions {
  readonly requireStructuralSchema: boolean;
  readonly requirePrunedDefaults: boolean;
  readonly kubernetesVersion: KubernetesVersion;
  /** Versions whose schema an update leaves as it was: a rule that costs too much may stay. */
  readonly unchangedVersions: ReadonlySet<string>;
}

export function validateSchemaOf(
  version: string,
  schema: JSONSchemaProps | undefined,
  hasStatus: boolean,
  path: FieldPath,
  options: VersionOptions,
): readonly FieldError[] {
  if (!schema) return [];
  const at = path.child('openAPIV3Schema');
  const errors: FieldError[] = hasStatus ? [...validateRootFields(schema, path)] : [];
  if (schema.nullable)
    errors.push(forbidden(path.child('openAPIV3Schema.nullable'), 'nullable cannot be true at the root'));
  let unreadable: string | undefined;
  let rules: RuleContext | undefined;
  if (options.requireStructuralSchema) {
    unreadable = structuralError(schema);
    if (unreadable === undefined) {
      const { requirePrunedDefaults, kubernetesVersion } = options;
      const wrong = validateStructural(schema, at);
      if (wrong.length === 0)
        wrong.push(...validateDefaults(schema, at, { requirePrunedDefaults, version: kubernetesVersion }));
      errors.push(...wrong);
      // A schema that is structural is one of custom resources.
      const structural = schema as StructuralSchema;
      if (wrong.length === 0 && hasRules(structural))
        rules = cel().definitionRules.ruleContext(structural, options.unchangedVersions.has(version));
    }
  }
  errors.push(...validateOpenApiSchema(schema, at, options, rules), ...(rules?.totalErrors(at) ?? []));
  // Why a schema cannot be read is usually said better by what was found in it.
  return errors.length === 0 && unreadable !== undefined ? [invalid(at, '', unreadable)] : errors;
}

/** The schema of the status is looked up in the root, so the root may not say anything that would be lost. */
function validateRootFields(schema: JSONSchemaProps, path: FieldPath): readonly FieldError[] {
  for (const field of setFields(schema)) {
    if (field === 'Type') {
      if (schema.type !== 'object') return [invalid(path.child('openAPIV3Schema.type'), schema.type, OBJECT_AT_ROOT)];
    } else if (!ALLOWED_FIELDS.has(field)) {
      return [invalid(path.child('openAPIV3Schema'), schemaText(schema), ONLY_ALLOWED)];
    }
  }
  return [];
}

export function validateSubresources(
  subresources: CustomResourceSubresources | undefined,
  path: FieldPath,
): readonly FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const { labelSelectorPath = '' } = scale;
  return [
    ...validateReplicasPath(scale.specReplicasPath, path.child('scale.specReplicasPath'), '.spec'),
    ...validateReplicasPath(scale.statusReplicasPath, path.child('scale.statusReplicasPath'), '.status'),
    ...(labelSelectorPath === '' ? [] : validateSelectorPath(labelSelectorPath, path.child('scale.labelSelectorPath'))),
  ];
}

function validateReplicasPath(text: string, path: FieldPath, root: string): readonly FieldError[] {
  if (text === '') return [required(path, '')];
  const errors = validateSimpleJsonPath(text, path);
  if (errors.length > 0) return errors;
  return text.startsWith(`${root}.`) ? [] : [invalid(path, text, `should be a json path under ${root}`)];
}

function validateSelectorPath(text: string, path: FieldPath): readonly FieldError[] {
  const errors = validateSimpleJsonPath(text, path);
  if (errors.length > 0) return errors;
  if (text.startsWith('.spec.') || text.startsWith('.status.')) return [];
  return [invalid(path, pointerText(text), 'should be a json path under either .spec or .status')];
}

function validateSimpleJsonPath(text: string, path: FieldPath): readonly FieldError[] {
  return text.startsWith('.') ? [] : [invalid(path, text, 'must be a simple json path starting with .')];
}

export function validateColumn(column: CustomResourceColumnDefinition, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name, type, format = '', jsonPath } = column;
  const oneOf = (values: readonly string[]): string => `must be one of ${values.join(',')}`;
  if (name === '') errors.push(required(path.child('name'), ''));
  if (type === '') errors.push(required(path.child('type'), oneOf(COLUMN_TYPES)));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(path.child('type'), type, oneOf(COLUMN_TYPES)));
  if (format !== '' && !COLUMN_FORMATS.includes(format))
    errors.push(invalid(path.child('format'), format, oneOf(COLUMN_FORMATS)));
  const at = path.child('JSONPath');
  errors.push(...(jsonPath === '' ? [required(at, '')] : validateSimpleJsonPath(jsonPath, at)));
  return errors;
}

export function validateSelectableFields(
  fields: readonly SelectableField[],
  schema: JSONSchemaProps,
  path: FieldPath,
  mayBeTooMany: boolean,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { jsonPath }] of fields.entries()) {
    const at = path.index(i).child('jsonPath');
    if (jsonPath === '') {
      errors.push(required(at, ''));
      continue;
    }
    const resolved = resolveJsonPath(jsonPath, schema, { allowArrayNotation: false });
    if (!resolved.ok) {
      errors.push(invalid(at, jsonPath, `is an invalid path: ${resolved.error}`));
      continue;
    }
    const { type = '' } = resolved.schema ?? {};
    if (resolved.path?.root().toString() === 'metadata')
      errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'));
    if (!['string', 'boolean', 'integer'].includes(type)) errors.push(invalid(at, jsonPath, SELECTABLE_TYPE));
    const text = String(resolved.path);
    if (seen.has(text)) errors.push(duplicate(at, jsonPath));
    seen.add(text);
  }
  if (seen.size > MAX_SELECTABLE_FIELDS && !mayBeTooMany) errors.push(tooMany(path, seen.size, MAX_SELECTABLE_FIELDS));
  return errors;
}
