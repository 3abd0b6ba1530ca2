// The nodes of one YAML document, before tags and plain scalars are given a meaning.
// Behaviour: go.yaml.in/yaml v2.4 decode.go (node), as in Kubernetes v1.36.3.
import type { Mark } from './token.ts';

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly start: Mark;
  /** In full, `tag:yaml.org,2002:int`; empty for none. */
  readonly tag: string;
  readonly value: string;
  /** Whether the value says what it is: it stands plain, or under the tag `!`. */
  readonly isImplicit: boolean;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly start: Mark;
  readonly items: readonly Node[];
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly start: Mark;
  readonly pairs: readonly (readonly [key: Node, value: Node])[];
}

export interface AliasNode {
  readonly kind: 'alias';
  readonly start: Mark;
  readonly name: string;
  readonly target: Node;
}

export type Node = ScalarNode | SequenceNode | MappingNode | AliasNode;
