// A set of field paths as a tree; membership of a field says nothing about the fields above or below it.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 fieldpath/{set,serialize}.go, as in Kubernetes v1.36.3.
import { isMap, type Json, type JsonMap } from '../../../apimachinery/json.ts';
import type { Atom } from '../types/type-schema.ts';
import {
  comparePathElements,
  type FieldPathElements,
  FieldSetError,
  type PathElement,
  parsePathElement,
} from './path-element.ts';

interface FieldNode {
  readonly element: PathElement;
  readonly isMember: boolean;
  /** Never an empty set. */
  readonly children: FieldSet | undefined;
}

export class FieldSet {
  readonly #nodes: ReadonlyMap<string, FieldNode>;
  #sorted: readonly FieldNode[] | undefined;

  private constructor(nodes: ReadonlyMap<string, FieldNode>) {
    this.#nodes = nodes;
  }

  static readonly EMPTY = new FieldSet(new Map());

  static of(...paths: readonly FieldPathElements[]): FieldSet {
    const builder = new FieldSetBuilder();
    for (const path of paths) builder.insert(path);
    return builder.build();
  }

  static fromNodes(nodes: Iterable<FieldNode>): FieldSet {
    const kept = new Map<string, FieldNode>();
    for (const node of nodes) if (node.isMember || node.children) kept.set(node.element.id, node);
    return kept.size === 0 ? FieldSet.EMPTY : new FieldSet(kept);
  }

  get isEmpty(): boolean {
    return this.#nodes.size === 0;
  }

  /** In the order of path elements. */
  get nodes(): readonly FieldNode[] {
    this.#sorted ??= [...this.#nodes.values()].sort((a, b) => comparePathElements(a.element, b.element));
    return this.#sorted;
  }

  hasMember(element: PathElement): boolean {
    return this.#nodes.get(element.id)?.isMember ?? false;
  }

  /** The paths that begin with this element, without it. */
  below(element: PathElement): FieldSet {
    return this.#nodes.get(element.id)?.children ?? FieldSet.EMPTY;
  }

  has(path: FieldPathElements): boolean {
    let set: FieldSet = this;
    for (let i = 0; i < path.length - 1; i++) set = set.below(path[i] as PathElement);
    const last = path.at(-1);
    return last !== undefined && set.hasMember(last);
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    const nodes = new Map(this.#nodes);
    for (const [id, node] of other.#nodes) {
      const own = nodes.get(id);
      nodes.set(id, own ? mergedNode(own, node) : node);
    }
    return new FieldSet(nodes);
  }

  intersection(other: FieldSet): FieldSet {
    return this.#mapped((node) => {
      const theirs = other.#nodes.get(node.element.id);
      if (!theirs) return undefined;
      const children = node.children && theirs.children && nonEmpty(node.children.intersection(theirs.children));
      return { element: node.element, isMember: node.isMember && theirs.isMember, children };
    });
  }

  /** Paths of this set that the other does not hold; a path stays though a path above it goes. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.#mapped((node) => {
      const theirs = other.#nodes.get(node.element.id);
      if (!theirs) return node;
      const children =
        node.children && theirs.children ? nonEmpty(node.children.difference(theirs.children)) : node.children;
      return { element: node.element, isMember: node.isMember && !theirs.isMember, children };
    });
  }

  /** Paths of this set that neither stand in the other nor lie below one that does. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.#mapped((node) => {
      const theirs = other.#nodes.get(node.element.id);
      if (!theirs) return node;
      if (theirs.isMember) return undefined;
      const children =
        node.children && theirs.children ? nonEmpty(node.children.recursiveDifference(theirs.children)) : node.children;
      return { element: node.element, isMember: node.isMember, children };
    });
  }

  /** The same set where every field of a struct that has something below it is a member too. */
  withNamedFields(atom: Atom | undefined): FieldSet {
    return this.#mapped((node) => {
      const { element, children } = node;
      if (!children) return node;
      const field = element.kind === 'field' ? atom?.map?.fields.get(element.name) : undefined;
      const below =
        element.kind === 'field'
          ? (field?.type ?? atom?.map?.elementType)?.()
          : element.kind === 'key'
            ? atom?.list?.elementType()
            : undefined;
      return { element, isMember: node.isMember || field !== undefined, children: children.withNamedFields(below) };
    });
  }

  /** Every path: the members of a level first, then what lies below each of its fields. */
  *paths(prefix: FieldPathElements = []): Generator<FieldPathElements> {
    for (const { element, isMember } of this.nodes) if (isMember) yield [...prefix, element];
    for (const { element, children } of this.nodes) if (children) yield* children.paths([...prefix, element]);
  }

  /** The form of metadata.managedFields[].fieldsV1. */
  toJson(): JsonMap {
    return Object.fromEntries(
      this.nodes.map(({ element, isMember, children }) => {
        const below = children?.toJson() ?? {};
        return [element.id, isMember && children ? { '.': {}, ...below } : below];
      }),
    );
  }

  static fromJson(json: Json): FieldSet {
    if (!isMap(json)) throw new FieldSetError('not an object');
    return readSet(json).children ?? FieldSet.EMPTY;
  }

  #mapped(step: (node: FieldNode) => FieldNode | undefined): FieldSet {
    const nodes: FieldNode[] = [];
    for (const node of this.#nodes.values()) {
      const mapped = step(node);
      if (mapped) nodes.push(mapped);
    }
    return FieldSet.fromNodes(nodes);
  }
}

function nonEmpty(set: FieldSet): FieldSet | undefined {
  return set.isEmpty ? undefined : set;
}

function mergedNode(a: FieldNode, b: FieldNode): FieldNode {
  const children = a.children && b.children ? a.children.union(b.children) : (a.children ?? b.children);
  return { element: a.element, isMember: a.isMember || b.isMember, children };
}

/** Reads one level; what has nothing below it, or says `.`, is itself a member. */
function readSet(json: JsonMap): { children: FieldSet | undefined; isMember: boolean } {
  const nodes: FieldNode[] = [];
  let isMember = false;
  for (const [key, value] of Object.entries(json)) {
    if (key === '.') {
      isMember = true;
      continue;
    }
    const element = parsePathElement(key);
    if (!element) continue;
    const below = readSet(isMap(value) ? value : {});
    nodes.push({ element, isMember: below.isMember, children: below.children });
  }
  const children = nonEmpty(FieldSet.fromNodes(nodes));
  return { children, isMember: isMember || !children };
}

interface BuilderNode {
  readonly element: PathElement;
  isMember: boolean;
  children: Map<string, BuilderNode> | undefined;
}

/** Collects paths; sets themselves never change. */
export class FieldSetBuilder {
  readonly #root = new Map<string, BuilderNode>();

  insert(path: FieldPathElements): void {
    let level = this.#root;
    let node: BuilderNode | undefined;
    for (const element of path) {
      if (node) level = node.children ??= new Map();
      node = level.get(element.id);
      if (!node) level.set(element.id, (node = { element, isMember: false, children: undefined }));
    }
    // The empty path is the whole object, which nobody owns.
    if (node) node.isMember = true;
  }

  build(): FieldSet {
    return built(this.#root);
  }
}

function built(level: ReadonlyMap<string, BuilderNode>): FieldSet {
  return FieldSet.fromNodes(
    Array.from(level.values(), ({ element, isMember, children }) => ({
      element,
      isMember,
      children: children && nonEmpty(built(children)),
    })),
  );
}
