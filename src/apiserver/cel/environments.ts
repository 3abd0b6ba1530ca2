// The environments in which Kubernetes compiles expressions: plain, for a schema's rules, for admission and mutation.
// Behaviour: k8s.io/apiserver pkg/cel/environment/base.go, pkg/admission/plugin/cel/compile.go, pkg/cel/mutation, Kubernetes v1.36.3.
import { type Environment, functionTable, type StructType } from './checker/environment.ts';
import { AUTHORIZER, AUTHORIZER_SELECTORS } from './library/authorizer.ts';
import { typeNamed } from './library/declaration.ts';
import { FORMAT } from './library/format.ts';
import { JSON_PATCH_FUNCTIONS } from './library/json-patch.ts';
import { COMPREHENSIONS, KUBERNETES_LISTS, LISTS, OPTIONALS, SETS } from './library/lists.ts';
import { NET } from './library/net.ts';
import { QUANTITY } from './library/quantity.ts';
import { REGEX } from './library/regex.ts';
import { SEMVER } from './library/semver.ts';
import { STANDARD } from './library/standard.ts';
import { STRINGS } from './library/strings.ts';
import { URLS } from './library/urls.ts';
import type { MoreMacros } from './parser/macros.ts';
import {
  type CelSchema,
  DECL_BOOL,
  DECL_DYN,
  DECL_INT,
  DECL_STRING,
  DECL_TIMESTAMP,
  type DeclType,
  declListType,
  declMapType,
  declObjectType,
  declTypeOf,
  escapeName,
  nameTypes,
  objectTypes,
} from './schema/decl-type.ts';
import { WELL_KNOWN } from './schema/well-known-types.ts';
import type { CelType } from './values/types.ts';
import * as types from './values/types.ts';
import { CelError, type CelValue, DynamicObject, JSON_PATCH, JsonPatchValue } from './values/value.ts';

const BASE = functionTable(
  STANDARD,
  URLS,
  REGEX,
  KUBERNETES_LISTS,
  AUTHORIZER,
  OPTIONALS,
  QUANTITY,
  STRINGS,
  SETS,
  NET,
  FORMAT,
  AUTHORIZER_SELECTORS,
  COMPREHENSIONS,
  SEMVER,
  LISTS,
);
const WITH_JSON_PATCH = functionTable([...BASE.values()], JSON_PATCH_FUNCTIONS);

/** Declared variables of any type, by name. */
export function plainEnvironment(variables: Readonly<Record<string, string>>): Environment {
  const declared = Object.entries(variables).map(([name, type]) => [name, typeNamed(type)] as const);
  return { variables: new Map(declared), functions: BASE, structType: (name) => WELL_KNOWN.get(name) };
}

/** self and oldSelf as a schema types them; undefined where it gives no type. */
export function ruleEnvironment(
  schema: CelSchema,
  options: { readonly typeName: string; readonly optionalOldSelf?: boolean; readonly isRoot?: boolean },
): Environment | undefined {
  const declared = declTypeOf(schema, options.isRoot ?? false);
  return declared && typedEnvironment(declared, options);
}

/** The same where the type is known. */
export function typedEnvironment(
  declared: DeclType,
  options: { readonly typeName: string; readonly optionalOldSelf?: boolean },
): Environment {
  const self = nameTypes(declared, options.typeName);
  const oldSelf = options.optionalOldSelf ? types.optional(self.type) : self.type;
  const variables = new Map([
    ['self', self.type],
    ['oldSelf', oldSelf],
  ]);
  return { variables, functions: BASE, structType: structsOf([self]), sizes: declared };
}

/** One variable of a declared type, and macros of its own. */
export function variableEnvironment(name: string, declared: DeclType, macros: MoreMacros): Environment {
  return {
    variables: new Map([[name, declared.type]]),
    functions: BASE,
    structType: structsOf([declared]),
    sizes: declared,
    macros,
  };
}

const SCALAR_NAMES: ReadonlyMap<string, CelType> = new Map([
  ['bool', types.BOOL],
  ['bytes', types.BYTES],
  ['double', types.DOUBLE],
  ['duration', types.DURATION],
  ['int', types.INT],
  ['null_type', types.NULL],
  ['string', types.STRING],
  ['timestamp', types.TIMESTAMP],
  ['uint', types.UINT],
  ['list', types.list(types.ANY)],
  ['map', types.map(types.ANY, types.ANY)],
]);

/** The object types inside of a type; those of `variables` are few and change. */
const insideOf = new WeakMap<DeclType, ReadonlyMap<string, DeclType>>();

function typesInside(root: DeclType): ReadonlyMap<string, DeclType> {
  let inside = insideOf.get(root);
  if (!inside) insideOf.set(root, (inside = objectTypes(root)));
  return inside;
}

function structsOf(roots: readonly DeclType[]): (name: string) => StructType | undefined {
  const known = roots.map(typesInside);
  return (name) => {
    const declared = known.find((inside) => inside.has(name))?.get(name);
    if (declared !== undefined)
      return {
        type: declared.type,
        field: (field) => declared.fields?.get(declared.fields.has(field) ? field : keywordName(field))?.type,
      };
    const scalar = SCALAR_NAMES.get(name);
    return scalar === undefined ? WELL_KNOWN.get(name) : { type: scalar, field: () => undefined };
  };
}

/** A reserved word may be written as it is. */
const keywordName = (field: string): string => (escapeName(field) === `__${field}__` ? `__${field}__` : field);

const object = (name: string, fields: Readonly<Record<string, DeclType>>): DeclType =>
  declObjectType(name, new Map(Object.entries(fields)));
const texts = (...names: readonly string[]): Readonly<Record<string, DeclType>> =>
  Object.fromEntries(names.map((name) => [name, DECL_STRING]));
const TEXT_LIST = declListType(DECL_STRING, -1);
const TEXT_MAP = declMapType(DECL_STRING, -1);

const GROUP_VERSION_KIND = object('kubernetes.GroupVersionKind', texts('group', 'version', 'kind'));
const GROUP_VERSION_RESOURCE = object('kubernetes.GroupVersionResource', texts('group', 'version', 'resource'));
const REQUEST = object('kubernetes.AdmissionRequest', {
  ...texts('subResource', 'requestSubResource', 'name', 'namespace', 'operation'),
  kind: GROUP_VERSION_KIND,
  resource: GROUP_VERSION_RESOURCE,
  requestKind: GROUP_VERSION_KIND,
  requestResource: GROUP_VERSION_RESOURCE,
  userInfo: object('kubernetes.UserInfo', {
    ...texts('username', 'uid'),
    groups: TEXT_LIST,
    extra: declMapType(TEXT_LIST, -1),
  }),
  dryRun: DECL_BOOL,
  options: DECL_DYN,
});
const NAMESPACE = object('kubernetes.Namespace', {
  metadata: object('kubernetes.NamespaceMetadata', {
    ...texts('name', 'generateName', 'namespace', 'UID', 'resourceVersion'),
    labels: TEXT_MAP,
    annotations: TEXT_MAP,
    creationTimestamp: DECL_TIMESTAMP,
    deletionGracePeriodSeconds: DECL_INT,
    deletionTimestamp: DECL_TIMESTAMP,
    generation: DECL_INT,
    finalizers: TEXT_LIST,
  }),
  spec: object('kubernetes.NamespaceSpec', { finalizers: TEXT_LIST }),
  status: object('kubernetes.NamespaceStatus', {
    conditions: declListType(
      object('kubernetes.NamespaceCondition', {
        ...texts('status', 'type', 'message', 'reason'),
        lastTransitionTime: DECL_TIMESTAMP,
      }),
      -1,
    ),
    phase: DECL_STRING,
  }),
});

interface AdmissionOptions {
  readonly hasParams: boolean;
  readonly hasAuthorizer: boolean;
  /** Whether patches can be written: Object{} and JSONPatch{}. */
  readonly hasPatchTypes: boolean;
  /** What `variables` holds; undefined where there are no variables. */
  readonly variables?: DeclType;
}

/** The type of `variables`; its fields may be added while expressions are compiled. */
export function variablesType(fields: ReadonlyMap<string, DeclType>): DeclType {
  return declObjectType('kubernetes.variables', fields);
}

export function admissionEnvironment(options: AdmissionOptions): Environment {
  const { hasParams, hasAuthorizer, hasPatchTypes, variables } = options;
  const declared = new Map<string, CelType>([
    ['object', types.DYN],
    ['oldObject', types.DYN],
    ['request', REQUEST.type],
    ['namespaceObject', NAMESPACE.type],
  ]);
  if (hasParams) declared.set('params', types.DYN);
  if (hasAuthorizer) {
    declared.set('authorizer', typeNamed('authorizer'));
    declared.set('authorizer.requestResource', typeNamed('resourcecheck'));
  }
  if (variables) declared.set('variables', variables.type);
  const known = structsOf(variables ? [REQUEST, NAMESPACE, variables] : [REQUEST, NAMESPACE]);
  return {
    variables: declared,
    functions: hasPatchTypes ? WITH_JSON_PATCH : BASE,
    structType: hasPatchTypes ? (name) => patchStruct(name) ?? known(name) : known,
  };
}

/** What the expressions of a policy may name, with the types of what it matches. */
export function typeCheckEnvironment(options: {
  readonly object: DeclType;
  /** Undefined: there are none. */
  readonly params?: DeclType | 'dynamic';
  /** May grow while expressions are compiled. */
  readonly variables: ReadonlyMap<string, DeclType>;
}): Environment {
  const { object: subject, params } = options;
  const variables = variablesType(options.variables);
  const declared = new Map<string, CelType>([
    ['object', subject.type],
    ['oldObject', subject.type],
    ['request', REQUEST.type],
    ['namespaceObject', NAMESPACE.type],
    ['authorizer', typeNamed('authorizer')],
    ['variables', variables.type],
  ]);
  if (params) declared.set('params', params === 'dynamic' ? types.DYN : params.type);
  const typed = params && params !== 'dynamic' ? [subject, params] : [subject];
  return { variables: declared, functions: BASE, structType: structsOf([REQUEST, NAMESPACE, variables, ...typed]) };
}

function patchStruct(name: string): StructType | undefined {
  if (name === 'JSONPatch') return JSON_PATCH_STRUCT;
  return name === 'Object' || name.startsWith('Object.') ? dynamicStruct(name) : undefined;
}

const JSON_PATCH_STRUCT: StructType = {
  type: JSON_PATCH,
  // A name that is none has no type at all, which then fits nothing.
  field: (name) => (name === 'value' ? types.DYN : ['op', 'from', 'path'].includes(name) ? types.STRING : NO_TYPE),
  create: (fields) => {
    const text = (name: string): string => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : '';
    };
    for (const name of fields.keys()) {
      if (!['op', 'path', 'from', 'value'].includes(name))
        return new CelError(`unexpected JSONPatchType field: ${name}`);
    }
    return new JsonPatchValue(text('op'), text('path'), text('from'), fields.get('value'));
  },
};
const NO_TYPE = types.opaque('');

function dynamicStruct(name: string): StructType {
  const type = types.struct(name);
  return {
    type,
    field: () => types.DYN,
    create: (fields: ReadonlyMap<string, CelValue>) => new DynamicObject(type, fields),
    dynamic: true,
  };
}
