// What is wrong with the arguments of a plugin.
// Behaviour: pkg/scheduler/apis/config/validation/validation_pluginargs.go, Kubernetes v1.36.3.
// Differs: several errors of one affinity stand in brackets of their own.
import {
  duplicate,
  type ErrorPath,
  type FieldError,
  fieldErrorMessage,
  forbidden,
  goValue,
  invalid,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { childOf, type FieldPath } from '../../../apimachinery/field-path.ts';
import { durationMillis } from '../../../apimachinery/time/duration.ts';
import { validateLabelName } from '../../../apimachinery/validation/labels.ts';
import type { TopologySpreadConstraint } from '../../../schema/generated/types/core-v1.ts';
import { CompiledNodeSelector, PreferredSchedulingTerms } from '../../../selectors/node-selector.ts';
import type { UtilizationShapePoint } from '../plugins/node-resources-fit/scoring-strategy.ts';
import type { GivenArgs } from './configuration-fields.ts';

export type IsFeatureEnabled = (name: string) => boolean;

const STRATEGIES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'];
const DEFAULTING_TYPES = ['System', 'List'];
const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];

type Validator<Args> = (path: ErrorPath, args: Args, isFeatureEnabled: IsFeatureEnabled) => readonly string[];

/** Of NodeResourcesFit only its own constructor finds fault, with paths that start at the arguments. */
export const VALIDATE_ARGS: { readonly [Name in keyof GivenArgs]: Validator<GivenArgs[Name]> } = {
  DefaultPreemption: (
    path,
    { minCandidateNodesPercentage: percentage = 10, minCandidateNodesAbsolute: absolute = 100 },
  ) => {
    const [percentagePath, absolutePath] = [
      childOf(path, 'minCandidateNodesPercentage'),
      childOf(path, 'minCandidateNodesAbsolute'),
    ];
    const errors: FieldError[] = [];
    if (percentage < 0 || percentage > 100)
      errors.push(invalid(percentagePath, percentage, 'not in valid range [0, 100]'));
    if (absolute < 0) errors.push(invalid(absolutePath, absolute, 'not in valid range [0, inf)'));
    if (percentage === 0 && absolute === 0)
      errors.push(
        invalid(percentagePath, percentage, 'cannot be zero at the same time as minCandidateNodesAbsolute'),
        invalid(absolutePath, absolute, 'cannot be zero at the same time as minCandidateNodesPercentage'),
      );
    return errors.map(fieldErrorMessage);
  },
  InterPodAffinity: (path, { hardPodAffinityWeight: weight = 1 }) =>
    weight < 0 || weight > 100
      ? [fieldErrorMessage(invalid(childOf(path, 'hardPodAffinityWeight'), weight, 'not in valid range [0, 100]'))]
      : [],
  NodeAffinity: (path, { addedAffinity }) => {
    const at = childOf(path, 'addedAffinity');
    const {
      requiredDuringSchedulingIgnoredDuringExecution: selector,
      preferredDuringSchedulingIgnoredDuringExecution: terms = [],
    } = addedAffinity ?? {};
    const errors = [
      selector && new CompiledNodeSelector(selector, at.child('requiredDuringSchedulingIgnoredDuringExecution')).error,
      terms.length > 0 &&
        new PreferredSchedulingTerms(terms, at.child('preferredDuringSchedulingIgnoredDuringExecution')).error,
    ];
    return errors.filter((error) => typeof error === 'string');
  },
  NodeResourcesBalancedAllocation: (path, { resources = [] }) => {
    const seen = new Set<string>();
    const errors: FieldError[] = [];
    resources.forEach(({ name = '', weight }, i) => {
      const at = childOf(path, 'resources').index(i);
      if (seen.has(name)) errors.push(duplicate(at.child('name'), name));
      seen.add(name);
      if ((weight || 1) !== 1) errors.push(invalid(at.child('weight'), weight, 'must be 1'));
    });
    return errors.map(fieldErrorMessage);
  },
  NodeResourcesFit: (path, { ignoredResources = [], ignoredResourceGroups = [], scoringStrategy }) => {
    const errors: FieldError[] = [];
    ignoredResources.forEach((name, i) => {
      errors.push(...validateLabelName(name, childOf(path, 'ignoredResources').index(i)));
    });
    ignoredResourceGroups.forEach((group, i) => {
      const at = childOf(path, 'ignoredResourceGroups').index(i);
      if (group.includes('/')) errors.push(invalid(at, group, "resource group name can't contain '/'"));
      else errors.push(...validateLabelName(group, at));
    });
    if (scoringStrategy) errors.push(...validateStrategy(childOf(path, 'scoringStrategy'), scoringStrategy));
    return errors.map(fieldErrorMessage);
  },
  PodTopologySpread: (path, { defaultingType = 'System', defaultConstraints = [] }) => {
    const errors: FieldError[] = [];
    const typePath = childOf(path, 'defaultingType');
    if (!DEFAULTING_TYPES.includes(defaultingType))
      errors.push(notSupported(typePath, defaultingType, DEFAULTING_TYPES));
    else if (defaultingType === 'System' && defaultConstraints.length > 0)
      errors.push(invalid(typePath, defaultingType, 'when .defaultConstraints are not empty'));
    defaultConstraints.forEach((_constraint, i) => {
      errors.push(...validateConstraint(childOf(path, 'defaultConstraints').index(i), defaultConstraints, i));
    });
    return errors.map(fieldErrorMessage);
  },
  VolumeBinding: (path, { bindTimeoutSeconds = 600, shape }, isFeatureEnabled) => {
    const errors: FieldError[] = [];
    if (bindTimeoutSeconds < 0)
      errors.push(
        invalid(
          childOf(path, 'bindTimeoutSeconds'),
          bindTimeoutSeconds,
          'invalid BindTimeoutSeconds, should not be a negative value',
        ),
      );
    const shapePath = childOf(path, 'shape');
    if (isFeatureEnabled('StorageCapacityScoring')) {
      if (shape && shape.length > 0) errors.push(...validateShape(shapePath, shape));
    } else if (shape)
      errors.push(
        invalid(
          shapePath,
          shapeValue(shape),
          'unexpected field `shape`, remove it or turn on the feature gate StorageCapacityScoring',
        ),
      );
    return errors.map(fieldErrorMessage);
  },
  DynamicResources: (path, { filterTimeout, bindingTimeout }, isFeatureEnabled) => {
    const errors: FieldError[] = [];
    const filterPath = childOf(path, 'filterTimeout');
    if (filterTimeout !== undefined) {
      if (!isFeatureEnabled('DRASchedulerFilterTimeout'))
        errors.push(forbidden(filterPath, 'DRASchedulingFilterTimeout feature gate is disabled'));
      else if ((durationMillis(filterTimeout) ?? 0) < 0)
        errors.push(invalid(filterPath, filterTimeout, 'must be zero or positive'));
    }
    const bindingPath = childOf(path, 'bindingTimeout');
    if (bindingTimeout !== undefined) {
      if (!isFeatureEnabled('DRADeviceBindingConditions') || !isFeatureEnabled('DRAResourceClaimDeviceStatus'))
        errors.push(
          forbidden(bindingPath, 'DRADeviceBindingConditions or DRAResourceClaimDeviceStatus feature gate is disabled'),
        );
      else if ((durationMillis(bindingTimeout) ?? 0) < 1000)
        errors.push(invalid(bindingPath, bindingTimeout, 'must be at least 1 second'));
    }
    return errors.map(fieldErrorMessage);
  },
};

function validateStrategy(
  path: FieldPath,
  {
    type = '',
    resources = [],
    requestedToCapacityRatio,
  }: NonNullable<GivenArgs['NodeResourcesFit']['scoringStrategy']>,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (!STRATEGIES.includes(type)) errors.push(notSupported(path.child('type'), type, STRATEGIES));
  resources.forEach(({ name = '', weight }, i) => {
    const given = weight || 1;
    if (given > 0 && given <= 100) return;
    const detail = `resource weight of ${name} not in valid range (0, 100]`;
    errors.push(invalid(path.child('resources').index(i).child('weight'), given, detail));
  });
  const ratioPath = path.child('requestedToCapacityRatio');
  if (type !== 'RequestedToCapacityRatio') {
    if (requestedToCapacityRatio)
      errors.push(forbidden(ratioPath, 'must be nil when type is not RequestedToCapacityRatio'));
  } else if (!requestedToCapacityRatio)
    errors.push(required(ratioPath, 'must be specified when type is RequestedToCapacityRatio'));
  else errors.push(...validateShape(ratioPath.child('shape'), requestedToCapacityRatio.shape ?? []));
  return errors;
}

function validateShape(path: FieldPath, shape: readonly Partial<UtilizationShapePoint>[]): readonly FieldError[] {
  if (shape.length === 0) return [required(path, 'at least one point must be specified')];
  const errors: FieldError[] = [];
  const utilizations = shape.map(({ utilization = 0 }) => utilization);
  const unsorted = utilizations.findIndex((utilization, i) => i > 0 && utilizations[i - 1]! >= utilization);
  if (unsorted > 0)
    errors.push(
      invalid(
        path.index(unsorted).child('utilization'),
        utilizations[unsorted],
        'values must be sorted in increasing order',
      ),
    );
  shape.forEach(({ utilization = 0, score = 0 }, i) => {
    const at = path.index(i);
    if (utilization < 0 || utilization > 100)
      errors.push(invalid(at.child('utilization'), utilization, 'not in valid range [0, 100]'));
    if (score < 0 || score > 10) errors.push(invalid(at.child('score'), score, 'not in valid range [0, 10]'));
  });
  return errors;
}

function shapeValue(shape: readonly Partial<UtilizationShapePoint>[]): unknown {
  const points = shape.map(({ utilization = 0, score = 0 }) => `{"Utilization":${utilization},"Score":${score}}`);
  return goValue(`[${points.join(',')}]`);
}

function validateConstraint(
  path: FieldPath,
  constraints: readonly Partial<TopologySpreadConstraint>[],
  i: number,
): readonly FieldError[] {
  const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', labelSelector } = constraints[i]!;
  const errors: FieldError[] = [];
  if (maxSkew <= 0) errors.push(invalid(path.child('maxSkew'), maxSkew, 'not in valid range (0, inf)'));
  const keyPath = path.child('topologyKey');
  if (topologyKey === '') errors.push(required(keyPath, 'can not be empty'));
  else errors.push(...validateLabelName(topologyKey, keyPath));
  const actionPath = path.child('whenUnsatisfiable');
  if (whenUnsatisfiable === '') errors.push(required(actionPath, 'can not be empty'));
  else if (!ACTIONS.includes(whenUnsatisfiable)) errors.push(notSupported(actionPath, whenUnsatisfiable, ACTIONS));
  if (labelSelector)
    errors.push(
      forbidden(path.child('labelSelector'), 'constraint must not define a selector, as they deduced for each pod'),
    );
  const isRepeated = constraints
    .slice(0, i)
    .some(
      (other) => (other.topologyKey ?? '') === topologyKey && (other.whenUnsatisfiable ?? '') === whenUnsatisfiable,
    );
  if (isRepeated) errors.push(duplicate(path, `{${topologyKey}, ${whenUnsatisfiable}}`));
  return errors;
}
