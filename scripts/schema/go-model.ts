// What the Go program in go-types prints, and how its type texts are read.

export interface GoField {
  readonly go: string;
  readonly json: string;
  readonly inline?: boolean;
  readonly omitEmpty?: boolean;
  readonly omitZero?: boolean;
  readonly type: string;
  readonly strategy?: string;
  readonly mergeKey?: string;
}

export interface GoNamedType {
  readonly id: string;
  readonly print: string;
  readonly kind: string;
  readonly elem?: string;
  readonly unmarshalsJSON?: boolean;
  readonly fields?: readonly GoField[];
}

interface GoKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly type: string;
  readonly introduced?: string;
  readonly deprecated?: string;
  readonly removed?: string;
  readonly replacement?: string;
}

export interface GoOutput {
  readonly kinds: readonly GoKind[];
  readonly types: readonly GoNamedType[];
  /** The values of the string types that upstream marks +enum, by the type's full id. */
  readonly enums: { readonly [id: string]: readonly string[] };
}

/** A Go type expression: `name` is a short type id (`core/v1.PodSpec`) or a predeclared type (`string`). */
export type GoTypeExpression =
  | { readonly form: 'name'; readonly name: string }
  | { readonly form: 'pointer' | 'slice'; readonly element: GoTypeExpression }
  | { readonly form: 'map'; readonly key: GoTypeExpression; readonly element: GoTypeExpression };

const shortened: readonly (readonly [string, string])[] = [
  ['k8s.io/apimachinery/pkg/apis/', ''],
  ['k8s.io/apiextensions-apiserver/pkg/apis/', ''],
  ['k8s.io/kube-aggregator/pkg/apis/', ''],
  ['k8s.io/api/', ''],
  ['k8s.io/apimachinery/pkg/api/', ''],
  ['k8s.io/apimachinery/pkg/util/', ''],
  ['k8s.io/apimachinery/pkg/', ''],
];

/** The short id of a named Go type: `k8s.io/api/core/v1.PodSpec` is `core/v1.PodSpec`. */
export function shortTypeId(id: string): string {
  for (const [prefix, short] of shortened) {
    if (id.startsWith(prefix)) return short + id.slice(prefix.length);
  }
  return id;
}

/** Reads `map[string][]k8s.io/api/core/v1.Pod` and shortens the names in it. */
export function parseGoType(text: string): GoTypeExpression {
  if (text.startsWith('*')) return { form: 'pointer', element: parseGoType(text.slice(1)) };
  if (text.startsWith('[]')) return { form: 'slice', element: parseGoType(text.slice(2)) };
  if (text.startsWith('map[')) {
    const end = text.indexOf(']');
    return { form: 'map', key: parseGoType(text.slice(4, end)), element: parseGoType(text.slice(end + 1)) };
  }
  return { form: 'name', name: shortTypeId(text) };
}

/** `core/v1` of `core/v1.PodSpec`, and the empty text of a predeclared type. */
export function packageOf(typeId: string): string {
  return typeId.slice(0, Math.max(0, typeId.lastIndexOf('.')));
}

/** `PodSpec` of `core/v1.PodSpec`. */
export function nameOf(typeId: string): string {
  return typeId.slice(typeId.lastIndexOf('.') + 1);
}
