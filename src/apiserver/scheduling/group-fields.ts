// The fields that PodGroups and the templates of Workloads share: which of them a gate keeps, and what may stand in them.
// Behaviour: pkg/registry/scheduling/{podgroup,workload}/strategy.go, pkg/apis/scheduling/v1alpha2/zz_generated.validations.go,
// Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
  tooMany,
} from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { goStruct } from '../../apimachinery/go/json.ts';
import { isDns1123Label, isDns1123Subdomain, isQualifiedName } from '../../apimachinery/validation/names.ts';
import type {
  PodGroupResourceClaim,
  PodGroupSchedulingConstraints,
  PodGroupSchedulingPolicy,
  PodGroupSpec,
} from '../../schema/generated/types/scheduling-v1alpha2.ts';
import type { FeatureGates } from '../resource.ts';

const TOPOLOGY_AWARE = 'TopologyAwareWorkloadScheduling';
export const PREEMPTION_AWARE = 'WorkloadAwarePreemption';
const SHARED_CLAIMS = 'DRAWorkloadResourceClaims';

type GatedField = 'schedulingConstraints' | 'resourceClaims' | 'disruptionMode' | 'priorityClassName' | 'priority';
type GatedFields = Partial<Pick<PodGroupSpec, GatedField>>;

const GATE_OF: Readonly<Record<GatedField, string>> = {
  schedulingConstraints: TOPOLOGY_AWARE,
  resourceClaims: SHARED_CLAIMS,
  disruptionMode: PREEMPTION_AWARE,
  priorityClassName: PREEMPTION_AWARE,
  priority: PREEMPTION_AWARE,
};

const MAX_CLAIMS = 4;
const MAX_TOPOLOGIES = 1;
const HIGHEST_PRIORITY = 1_000_000_000;
const LOWEST_PRIORITY = -2_147_483_648;
const DISRUPTION_MODES = ['Pod', 'PodGroup'];
const POLICIES = ['basic', 'gang'] as const;
const CLAIM_SOURCES = ['resourceClaimName', 'resourceClaimTemplateName'] as const;

/** Without its gate a field is dropped unless the stored object has it. */
export function withEnabledFields<T extends GatedFields>(
  spec: T,
  old: GatedFields | undefined,
  gates: FeatureGates,
): T {
  const next: T & GatedFields = { ...spec };
  for (const [field, gate] of Object.entries(GATE_OF) as [GatedField, string][])
    if (!gates.isEnabled(gate) && old?.[field] === undefined) delete next[field];
  return next;
}

export function validatePolicy(policy: PodGroupSchedulingPolicy, path: FieldPath, errors: FieldError[]): void {
  validateUnion(policy, POLICIES, path, errors);
  if (!policy.gang) return;
  const { minCount } = policy.gang;
  if (!minCount) errors.push(required(path.child('gang', 'minCount'), ''));
  else if (minCount < 1) errors.push(invalid(path.child('gang', 'minCount'), minCount, atLeast(1)));
}

/** Exactly one of the members has to be there. */
export function validateUnion<Member extends string>(
  value: Partial<Record<Member, unknown>>,
  members: readonly Member[],
  path: FieldPath,
  errors: FieldError[],
): void {
  const all = members.map((member) => `\`${member}\``).join(', ');
  const given = members.filter((member) => value[member] !== undefined);
  if (given.length > 1) errors.push(invalid(path, `{${given.join(', ')}}`, `must specify exactly one of: ${all}`));
  if (given.length === 0) errors.push(invalid(path, '', `must specify one of: ${all}`));
}

function validateConstraints(
  { topology = [] }: PodGroupSchedulingConstraints,
  path: FieldPath,
  errors: FieldError[],
): void {
  const listPath = path.child('topology');
  if (topology.length > MAX_TOPOLOGIES) {
    errors.push(tooMany(listPath, topology.length, MAX_TOPOLOGIES));
    return;
  }
  topology.forEach(({ key }, i) => {
    validateName(key, isQualifiedName, listPath.index(i).child('key'), errors);
  });
}

function validateClaims(claims: readonly PodGroupResourceClaim[], path: FieldPath, errors: FieldError[]): void {
  if (claims.length > MAX_CLAIMS) {
    errors.push(tooMany(path, claims.length, MAX_CLAIMS));
    return;
  }
  validateUnique(claims, claimValue, path, errors);
  claims.forEach((claim, i) => {
    const claimPath = path.index(i);
    validateUnion(claim, CLAIM_SOURCES, claimPath, errors);
    validateName(claim.name, isDns1123Label, claimPath.child('name'), errors);
    for (const source of CLAIM_SOURCES) {
      const name = claim[source];
      if (name !== undefined) validateFormat(name, isDns1123Subdomain, claimPath.child(source), errors);
    }
  });
}

function claimValue({ name, resourceClaimName, resourceClaimTemplateName }: PodGroupResourceClaim): unknown {
  return goStruct({
    name,
    ...(resourceClaimName === undefined ? {} : { resourceClaimName }),
    ...(resourceClaimTemplateName === undefined ? {} : { resourceClaimTemplateName }),
  });
}

/** No two items of one name. */
export function validateUnique<T extends { readonly name: string }>(
  items: readonly T[],
  toValue: (item: T) => unknown,
  path: FieldPath,
  errors: FieldError[],
): void {
  const names = new Set<string>();
  items.forEach((item, i) => {
    if (names.has(item.name)) errors.push(duplicate(path.index(i), toValue(item)));
    names.add(item.name);
  });
}

function validateDisruptionMode(mode: string, path: FieldPath, errors: FieldError[]): void {
  if (!DISRUPTION_MODES.includes(mode)) errors.push(notSupported(path, namedString(mode), DISRUPTION_MODES));
}

function validatePriority(priority: number, path: FieldPath, errors: FieldError[]): void {
  if (priority > HIGHEST_PRIORITY) {
    errors.push(invalid(path, priority, `must be less than or equal to ${HIGHEST_PRIORITY}`));
  }
  if (priority < LOWEST_PRIORITY) errors.push(invalid(path, priority, atLeast(LOWEST_PRIORITY)));
}

type Format = (name: string) => readonly string[];

export function validateName(name: string | undefined, format: Format, path: FieldPath, errors: FieldError[]): void {
  if (name) validateFormat(name, format, path, errors);
  else errors.push(required(path, ''));
}

export function validateFormat(name: string, format: Format, path: FieldPath, errors: FieldError[]): void {
  for (const message of format(name)) errors.push(invalid(path, namedString(name), message));
}

/** What is there of the gated fields, in the order of the struct, when an object is created. */
export function validateGatedFields(spec: GatedFields, path: FieldPath, errors: FieldError[]): void {
  const { schedulingConstraints, resourceClaims, disruptionMode, priorityClassName, priority } = spec;
  if (schedulingConstraints) validateConstraints(schedulingConstraints, path.child('schedulingConstraints'), errors);
  if (resourceClaims) validateClaims(resourceClaims, path.child('resourceClaims'), errors);
  if (disruptionMode !== undefined) validateDisruptionMode(disruptionMode, path.child('disruptionMode'), errors);
  if (priorityClassName) validateFormat(priorityClassName, isDns1123Subdomain, path.child('priorityClassName'), errors);
  if (priority !== undefined) validatePriority(priority, path.child('priority'), errors);
}

export function gateOf(field: GatedField): string {
  return GATE_OF[field];
}

function atLeast(min: number): string {
  return `must be greater than or equal to ${min}`;
}
