// What programs get from `import … from 'kubeplan'`: the plan as a function, its types, and the JSON Schemas of its documents.
export type { Diagnostic, ObjectRef, SourceLocation } from './apimachinery/diagnostic.ts';
export { type Manifest, parseManifests } from './manifests/manifest.ts';
export type * from './planner/changes/plan.ts';
export type { ClusterFile } from './planner/inventory/cluster-file.ts';
export { makePlan, type PlanInput, type PlanResult } from './planner/make-plan.ts';
export { loadParts } from './planner/parts.ts';
