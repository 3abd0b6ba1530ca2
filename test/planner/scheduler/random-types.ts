// The API types that random clusters are made of.
export type {
  Affinity,
  Container,
  Node,
  NodeSelectorRequirement,
  Pod,
  PodAffinityTerm,
  PodSpec,
  Taint,
  Toleration,
  TopologySpreadConstraint,
} from '../../../src/schema/generated/types/core-v1.ts';
export type { LabelSelector } from '../../../src/schema/generated/types/meta-v1.ts';
