// Where in a schema rules stand: a tree that follows the schema as far as there are rules, with the rules compiled.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/cel/validation.go (NewValidator), Kubernetes v1.36.3.
import { type DeclType, escapeName } from '../../cel/schema/decl-type.ts';
import { additionalSchema, type StructuralSchema } from '../structural-schema.ts';
import { type CompiledRules, compileRules, typeOf } from './compile-rules.ts';
import { isAsked, isTyped } from './rules.ts';

export interface RuleNode {
  readonly schema: StructuralSchema;
  readonly isRoot: boolean;
  readonly compiled?: CompiledRules;
  readonly items?: RuleNode;
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly additional?: RuleNode;
}

const trees = { root: new WeakMap<StructuralSchema, RuleNode>(), inner: new WeakMap<StructuralSchema, RuleNode>() };

/** For a schema that has rules somewhere; `isRoot` for one of a whole resource, its own or an embedded one. */
export function ruleTree(schema: StructuralSchema, isRoot: boolean): RuleNode {
  const cache = isRoot ? trees.root : trees.inner;
  let tree = cache.get(schema);
  if (!tree) cache.set(schema, (tree = nodeOf(schema, isRoot, undefined)));
  return tree;
}

/** `declared` is known where a schema above has rules itself. */
function nodeOf(schema: StructuralSchema, isRoot: boolean, declared: DeclType | undefined): RuleNode {
  const hasOwn = (schema['x-kubernetes-validations']?.length ?? 0) > 0;
  const type = declared ?? (hasOwn ? typeOf(schema, isRoot) : undefined);
  const { items, properties = {} } = schema;
  const additional = additionalSchema(schema);
  const below = new Map<string, RuleNode>();
  for (const [name, property] of isTyped(schema) ? Object.entries(properties) : []) {
    if (!isAsked(property)) continue;
    const escaped = escapeName(name);
    const known = escaped === undefined ? undefined : type?.fields?.get(escaped);
    // What has no type is left out altogether.
    if (known || isTyped(property)) below.set(name, nodeOf(property, isEmbedded(property), known));
  }
  return {
    schema,
    isRoot,
    properties: below,
    ...(hasOwn ? { compiled: compileRules(schema, isRoot, type) } : {}),
    ...(items && isAsked(items) ? { items: nodeOf(items, isEmbedded(items), type?.element) } : {}),
    ...(additional && isAsked(additional)
      ? { additional: nodeOf(additional, isEmbedded(additional), type?.element) }
      : {}),
  };
}

function isEmbedded(schema: StructuralSchema): boolean {
  return schema['x-kubernetes-embedded-resource'] === true;
}
