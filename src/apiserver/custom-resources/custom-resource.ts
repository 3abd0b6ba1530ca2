// The resource that a CustomResourceDefinition makes the API server serve.
// Behaviour: [apiextensions-apiserver]/pkg/registry/customresource/{strategy,status_strategy,validator}.go,
// pkg/apiserver/customresource_handler.go, Kubernetes v1.36.3.
// Differs: every version is kept as the first request wrote it converts (strategy None); conversion webhooks are not asked.
import { isConditionTrue } from '../../apimachinery/conditions.ts';
import { type FieldError, invalid } from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import { isMap, type Json, type JsonMap, jsonEqual } from '../../apimachinery/json.ts';
import type { KubeObject, ObjectMeta } from '../../apimachinery/object.ts';
import { forbidden } from '../../apimachinery/status.ts';
import { nameIsDnsSubdomain, validateObjectMeta } from '../../apimachinery/validation/object-meta.ts';
import { compareApiVersions } from '../../apimachinery/version.ts';
import { apiVersionOf as apiVersionText } from '../../schema/kinds.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import { customResourceType } from '../field-management/types/openapi-type-schema.ts';
import type { TypeReference } from '../field-management/types/type-schema.ts';
import type {
  AllocationResult,
  CustomDefinition,
  Resource,
  ScaleMapping,
  Strategy,
  StrategyContext,
  SubresourceStrategy,
  VersionConversion,
} from '../resource.ts';
import { withGeneration, withNextGeneration } from '../strategies/generation.ts';
import { withDefaults } from './coercion.ts';
import { coercedObject, decodeCustom } from './decode-custom.ts';
import { finalizerWarnings } from './finalizer-warnings.ts';
import { validateRules } from './rules/rules.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { validateEmbedded, validateListTypes } from './validation/content-validation.ts';
import { type ScalePaths, validateScaleSpec, validateScaleStatus } from './validation/scale-validation.ts';
import { validateSchema } from './validation/schema-validation.ts';

/** The parts of a CustomResourceDefinition (apiextensions.k8s.io/v1) that serving its objects needs. */
export interface CustomResourceDefinition {
  readonly metadata: { readonly name?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly plural: string;
      readonly singular?: string;
      readonly kind: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions: readonly CustomVersion[];
  };
}

interface CustomVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
  readonly subresources?: {
    readonly status?: object;
    readonly scale?: ScalePaths;
  };
}

export function customResource(definition: CustomResourceDefinition, version: KubernetesVersion): Resource | undefined {
  const { group, scope, names, versions } = definition.spec;
  const stored = versions.find(({ storage }) => storage);
  if (!stored) return undefined;
  const others = versions.filter(({ name, served }) => served && name !== stored.name);
  const machine = new CustomMachine(definition, version);
  const { status, scale } = stored.subresources ?? {};
  return {
    group,
    version: stored.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular || names.kind.toLowerCase(),
    namespaced: scope === 'Namespaced',
    ...(names.shortNames ? { shortNames: names.shortNames } : {}),
    ...(names.categories ? { categories: names.categories } : {}),
    ...(others.length > 0 ? { otherVersions: others.map(({ name }) => machine.conversion(name, stored.name)) } : {}),
    strategy: machine.strategy(),
    ...(status ? { subresources: { status: machine.statusStrategy() } } : {}),
    ...(scale ? { scale: scaleMapping(scale) } : {}),
    custom: machine.definition(),
  };
}

function scaleMapping(scale: ScalePaths): ScaleMapping {
  const steps = (path: string | undefined): string[] =>
    (path ?? '')
      .replace(/^\./, '')
      .split('.')
      .filter((step) => step !== '');
  return {
    specReplicas: steps(scale.specReplicasPath),
    statusReplicas: steps(scale.statusReplicasPath),
    selector: steps(scale.labelSelectorPath),
  };
}

const DEFINITION_TERMINATING = 'create not allowed while custom resource definition is terminating';
const STATUS = FieldPath.of('status');
const KIND = FieldPath.of('kind');
const METADATA = FieldPath.of('metadata');

class CustomMachine {
  readonly #definition: CustomResourceDefinition;
  readonly #version: KubernetesVersion;
  readonly #types = new Map<string, TypeReference>();
  readonly #read = new WeakMap<KubeObject, KubeObject>();

  constructor(definition: CustomResourceDefinition, version: KubernetesVersion) {
    this.#definition = definition;
    this.#version = version;
  }

  definition(): CustomDefinition {
    const { group } = this.#definition.spec;
    const find = (apiVersion: string): CustomVersion | undefined =>
      this.#find((name) => apiVersionText(group, name) === apiVersion);
    return {
      typeIn: (apiVersion) => this.#typeIn(find(apiVersion), apiVersion),
      hasStatus: (apiVersion) => find(apiVersion)?.subresources?.status !== undefined,
      deprecationWarning: (apiVersion) => this.#deprecationWarning(find(apiVersion)),
      decode: (tree, { pathVersion, strict }) => decodeCustom(tree, this.#kind(), pathVersion, strict, this.#version),
      // Applying goes past the decoder: nulls stay until the object is stored.
      readApplied: (object) => this.#asObject(object),
      readStored: (object) => this.#readStored(object),
    };
  }

  #find(isWanted: (name: string) => boolean): CustomVersion | undefined {
    return this.#definition.spec.versions.find(({ name }) => isWanted(name));
  }

  #kind() {
    const { group, names } = this.#definition.spec;
    return {
      group,
      kind: names.kind,
      schemaOf: (name: string) => this.#schemaOf(name),
      hasVersion: (name: string) => this.#find((each) => each === name) !== undefined,
    };
  }

  #schemaOf(name: string): StructuralSchema | undefined {
    return this.#find((each) => each === name)?.schema?.openAPIV3Schema;
  }

  #typeIn(version: CustomVersion | undefined, apiVersion: string): TypeReference | undefined {
    if (!version) return undefined;
    let type = this.#types.get(apiVersion);
    if (!type) this.#types.set(apiVersion, (type = customResourceType(version.schema?.openAPIV3Schema, this.#version)));
    return type;
  }

  #deprecationWarning(version: CustomVersion | undefined): string | undefined {
    if (!version?.deprecated) return undefined;
    if (version.deprecationWarning !== undefined) return version.deprecationWarning;
    const { group, names, versions } = this.#definition.spec;
    const text = `${group}/${version.name} ${names.kind} is deprecated`;
    const newer = versions
      .filter(({ name, served, deprecated }) => served && !deprecated && compareApiVersions(version.name, name) < 0)
      .map(({ name }) => name)
      .sort((a, b) => compareApiVersions(b, a));
    return newer[0] === undefined ? text : `${text}; use ${group}/${newer[0]} ${names.kind}`;
  }

  conversion(name: string, storedName: string): VersionConversion {
    const { group } = this.#definition.spec;
    return {
      version: name,
      toStored: (object) => ({ ...object, apiVersion: apiVersionText(group, storedName) }),
      fromStored: (object) => this.#stored({ ...object, apiVersion: apiVersionText(group, name) }),
    };
  }

  #asObject(object: JsonMap): KubeObject {
    const version = versionOf(object['apiVersion']);
    const metadata = isMap(object['metadata']) ? object['metadata'] : {};
    const coerced = coercedObject({ metadata }, undefined, false, this.#version);
    const read = coerced.ok ? coerced.object.metadata : (metadata as unknown as ObjectMeta);
    const schema = this.#schemaOf(version);
    // An object with apiVersion, kind and metadata is one of Kubernetes.
    return { ...(withDefaults(object, schema) as JsonMap), metadata: read } as unknown as KubeObject;
  }

  /** The object as it comes back from the storage. */
  #stored(object: KubeObject): KubeObject {
    const coerced = coercedObject(asJson(object), this.#schemaOf(versionOf(object.apiVersion)), true, this.#version);
    return coerced.ok ? coerced.object : object;
  }

  #readStored(object: KubeObject): KubeObject {
    const known = this.#read.get(object);
    if (known) return known;
    const { group, versions } = this.#definition.spec;
    const version = versions.find(({ storage }) => storage)?.name;
    const apiVersion = version === undefined ? object.apiVersion : apiVersionText(group, version);
    const read = this.#stored(object.apiVersion === apiVersion ? object : { ...object, apiVersion });
    const result = jsonEqual(asJson(read), asJson(object)) ? object : read;
    this.#read.set(object, result);
    return result;
  }

  strategy(): Strategy {
    return {
      acceptsAnyFinalizer: true,
      beginCreate: (object) => this.#beginCreate(object),
      prepareForCreate: (object, context) => {
        const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
        const prepared = this.#hasStatus(object, context) ? rest : object;
        return withGeneration(prepared, 1);
      },
      validate: (object, context) => this.#validate(object, undefined, context),
      warningsOnCreate: (object) => finalizerWarnings(object),
      prepareForUpdate: (object, stored, context) => {
        const old = this.#asRequested(stored, object, context);
        const next = this.#hasStatus(object, context) ? withStatusOf(object, old) : object;
        if (jsonEqual(withoutMetadata(next), withoutMetadata(old))) return next;
        return withNextGeneration(next, old);
      },
      validateUpdate: (object, old, context) => this.#validate(object, old, context),
      warningsOnUpdate: (object, old) => finalizerWarnings(object, old),
      canonicalize: (object) => this.#stored(object),
      allowUnconditionalUpdate: false,
    };
  }

  #beginCreate(object: KubeObject): AllocationResult<KubeObject> {
    const { spec, status } = this.#definition;
    const isTerminating = isConditionTrue(status?.conditions, 'Terminating');
    if (!isTerminating) return { ok: true, object };
    const target = { group: spec.group, resource: spec.names.plural };
    return { ok: false, status: forbidden(target, object.metadata.name ?? '', DEFINITION_TERMINATING) };
  }

  statusStrategy(): SubresourceStrategy {
    return {
      prepareForUpdate: (object, old) => {
        const { managedFields } = object.metadata;
        const { managedFields: _, ...metadata } = old.metadata;
        const next = withStatusOf(old, object);
        return { ...next, metadata: managedFields ? { ...metadata, managedFields } : metadata };
      },
      validateUpdate: (object, old, context) => this.#validateStatus(object, old, context),
      canonicalize: (object) => this.#stored(object),
    };
  }

  /** The version that the request speaks: its schema and its subresources hold. */
  #requested({ apiVersion }: KubeObject, context: StrategyContext): CustomVersion | undefined {
    const name = versionOf(context.apiVersion ?? apiVersion);
    return this.#find((each) => each === name) ?? this.#find((each) => each === versionOf(apiVersion));
  }

  /** The old object as a request in another version sees it. */
  #asRequested(old: KubeObject, object: KubeObject, context: StrategyContext): KubeObject {
    const version = this.#requested(object, context);
    if (!version || version.storage) return old;
    const coerced = coercedObject(asJson(old), version.schema?.openAPIV3Schema, true, this.#version);
    return coerced.ok ? coerced.object : old;
  }

  #hasStatus(object: KubeObject, context: StrategyContext): boolean {
    return this.#requested(object, context)?.subresources?.status !== undefined;
  }

  #wrongKind({ kind }: KubeObject): readonly FieldError[] {
    const expected = this.#definition.spec.names.kind;
    return kind === expected ? [] : [invalid(KIND, kind, `must be ${expected}`)];
  }

  #validate(object: KubeObject, old: KubeObject | undefined, context: StrategyContext): readonly FieldError[] {
    const wrongKind = this.#wrongKind(object);
    if (wrongKind.length > 0) return wrongKind;
    const version = this.#requested(object, context);
    const schema = version?.schema?.openAPIV3Schema;
    const scale = version?.subresources?.scale;
    const value = asJson(object);
    const before = old && asJson(this.#asRequested(old, object, context));
    const errors = [
      ...(schema ? validateSchema(value, schema, undefined, before) : []),
      ...validateScaleSpec(value, scale),
      ...validateScaleStatus(value, scale),
    ];
    if (!schema) return errors;
    errors.push(...validateEmbedded(value, schema));
    const isForgiven = before !== undefined && validateListTypes(before, schema).length > 0;
    if (!isForgiven) errors.push(...validateListTypes(value, schema));
    const broken = [...this.#metadataErrors(object), ...errors];
    return [...errors, ...validateRules(value, before, schema, broken, context.warn)];
  }

  #validateStatus(object: KubeObject, old: KubeObject, context: StrategyContext): readonly FieldError[] {
    const version = this.#requested(object, context);
    const schema = version?.schema?.openAPIV3Schema;
    const statusSchema = schema?.properties?.['status'];
    const [value, before] = [asJson(object), asJson(this.#asRequested(old, object, context))];
    const { status } = value;
    const errors: FieldError[] = [];
    if (status !== undefined && statusSchema)
      errors.push(...validateSchema(status, statusSchema, STATUS, before['status']));
    errors.push(...validateScaleStatus(value, version?.subresources?.scale));
    if (!schema) return errors;
    const repeated = validateListTypes(value, schema);
    if (repeated.length > 0 && validateListTypes(before, schema).length === 0) errors.push(...repeated);
    return [...errors, ...validateRules(value, before, schema, errors, context.warn)];
  }

  /** The pipeline reports them; rules are not asked about an object that has them. */
  #metadataErrors({ metadata }: KubeObject): readonly FieldError[] {
    const isNamespaced = this.#definition.spec.scope === 'Namespaced';
    return validateObjectMeta(metadata, isNamespaced, nameIsDnsSubdomain, METADATA);
  }
}

function asJson(object: KubeObject): JsonMap {
  // Objects are JSON.
  return object as unknown as JsonMap;
}

function versionOf(apiVersion: Json | undefined): string {
  return typeof apiVersion === 'string' ? apiVersion.slice(apiVersion.indexOf('/') + 1) : '';
}

function withoutMetadata({ metadata: _, ...rest }: KubeObject): JsonMap {
  return rest;
}

function withStatusOf(object: KubeObject, source: KubeObject): KubeObject {
  const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
  const { status } = source as KubeObject & { readonly status?: unknown };
  return status === undefined ? rest : ({ ...rest, status } as KubeObject);
}
