// Where in an object a field error is: a linked path whose text is built only when asked for.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/validation/field/path.go, Kubernetes v1.36.3.

/** What upstream prints for a path that was never given. */
const NIL_PATH = '<nil>';

export class FieldPath {
  readonly #name: string;
  readonly #subscript: string;
  readonly #parent: FieldPath | undefined;

  private constructor(name: string, subscript: string, parent: FieldPath | undefined) {
    this.#name = name;
    this.#subscript = subscript;
    this.#parent = parent;
  }

  static of(name: string, ...more: readonly string[]): FieldPath {
    return descend(new FieldPath(name, '', undefined), more);
  }

  /** A subscript without a field before it: what upstream makes of Index or Key on a nil path. */
  static ofIndex(i: number): FieldPath {
    return new FieldPath('', String(i), undefined);
  }

  static ofKey(key: string): FieldPath {
    return new FieldPath('', key, undefined);
  }

  child(name: string, ...more: readonly string[]): FieldPath {
    return descend(new FieldPath(name, '', this), more);
  }

  index(i: number): FieldPath {
    return new FieldPath('', String(i), this);
  }

  key(key: string): FieldPath {
    return new FieldPath('', key, this);
  }

  root(): FieldPath {
    let node: FieldPath = this;
    while (node.#parent !== undefined) node = node.#parent;
    return node;
  }

  toString(): string {
    let text = '';
    for (let node: FieldPath | undefined = this; node !== undefined; node = node.#parent) {
      // An element without a name is a subscript of the element before it.
      if (node.#name === '') text = `[${node.#subscript}]${text}`;
      else text = (node.#parent === undefined ? node.#name : `.${node.#name}`) + text;
    }
    return text;
  }
}

function descend(from: FieldPath, names: readonly string[]): FieldPath {
  let path = from;
  for (const name of names) path = path.child(name);
  return path;
}

/** The child of a path that may be absent: without one the name itself is the root. */
export function childOf(path: FieldPath | undefined, name: string, ...more: readonly string[]): FieldPath {
  return path === undefined ? FieldPath.of(name, ...more) : path.child(name, ...more);
}

export function indexOf(path: FieldPath | undefined, i: number): FieldPath {
  return path === undefined ? FieldPath.ofIndex(i) : path.index(i);
}

export function keyOf(path: FieldPath | undefined, key: string): FieldPath {
  return path === undefined ? FieldPath.ofKey(key) : path.key(key);
}

export function pathText(path: FieldPath | undefined): string {
  return path === undefined ? NIL_PATH : path.toString();
}
