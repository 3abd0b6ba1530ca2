// Whether the metrics that a HorizontalPodAutoscaler looks at make sense.
// Behaviour: pkg/apis/autoscaling/validation/validation.go (validateMetrics and what it calls), Kubernetes v1.36.3.
// Differs: sources that should not be there are named in alphabetical order; upstream walks a map.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { parseGroupVersion, unexpectedGroupVersion } from '../../../apimachinery/group-version-kind.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { isDns1123Label, isPathSegmentName } from '../../../apimachinery/validation/names.ts';
import type {
  ContainerResourceMetricSource,
  CrossVersionObjectReference,
  ExternalMetricSource,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  ObjectMetricSource,
  PodsMetricSource,
  ResourceMetricSource,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import { validateContainerResourceName } from '../../core/pod-spec/validation/containers/resource.ts';

const NO_API_GROUP = 'apiVersion must specify API group';
const A_SOURCE_TYPE = 'must specify a metric source type';
const A_SOURCE = 'must populate information for the given metric source';
const ONE_SOURCE = 'must populate the given metric source only';
const ZERO_NEEDS_METRIC = 'must specify at least one Object or External metric to support scaling to zero replicas';
const A_METRIC_NAME = 'must specify a metric name';
const A_RESOURCE_NAME = 'must specify a resource name';
const A_CONTAINER = 'must specify a container';
const A_TARGET_TYPE = 'must specify a metric target type';
const TARGET_TYPES = 'must be either Utilization, Value, or AverageValue';
const NOT_POSITIVE = 'must be positive';
const AT_LEAST_ONE_PERCENT = 'must be greater than 0';
const OBJECT_TARGET = 'must set either a target value or averageValue';
const EXTERNAL_TARGET = 'must set either a target value for metric or a per-pod target';
const TWO_EXTERNAL_TARGETS = 'may not set both a target value for metric and a per-pod target';
const PODS_TARGET = 'must specify a positive target averageValue';
const RESOURCE_TARGET = 'must set either a target raw value or a target utilization';
const TWO_RESOURCE_TARGETS = 'may not set both a target raw value and a target utilization';

const sourceTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const targetTypes = ['Utilization', 'Value', 'AverageValue'];

export interface ReferenceOptions {
  readonly allowEmptyApiGroup: boolean;
  readonly allowInvalidApiVersion: boolean;
}

export function validateReference(
  { kind, name, apiVersion = '' }: CrossVersionObjectReference,
  options: ReferenceOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  validatePathSegment(kind, path.child('kind'), '', errors);
  validatePathSegment(name, path.child('name'), '', errors);
  const wrong = apiVersionError(apiVersion, options);
  if (wrong !== undefined) errors.push(invalid(path.child('apiVersion'), apiVersion, wrong));
}

export function apiVersionError(
  apiVersion: string,
  { allowEmptyApiGroup, allowInvalidApiVersion }: ReferenceOptions,
): string | undefined {
  if (allowInvalidApiVersion) return undefined;
  const parsed = parseGroupVersion(apiVersion);
  if (!parsed) return unexpectedGroupVersion(apiVersion);
  return parsed.group === '' && !allowEmptyApiGroup ? NO_API_GROUP : undefined;
}

function validatePathSegment(text: string, path: FieldPath, missing: string, errors: FieldError[]): void {
  if (!text) errors.push(required(path, missing));
  else for (const message of isPathSegmentName(text)) errors.push(invalid(path, text, message));
}

export function validateMetrics(
  metrics: readonly MetricSpec[],
  minReplicas: number | undefined,
  options: ReferenceOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  metrics.forEach((metric, i) => {
    validateMetric(metric, options, path.index(i), errors);
  });
  if (minReplicas !== 0) return;
  if (!metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    errors.push(forbidden(path, ZERO_NEEDS_METRIC));
  }
}

/** By the name of the type: the field in which the source stands. */
const sourceOfType: ReadonlyMap<string, keyof MetricSpec> = new Map([
  ['Object', 'object'],
  ['Pods', 'pods'],
  ['Resource', 'resource'],
  ['External', 'external'],
  ['ContainerResource', 'containerResource'],
]);

function validateMetric(metric: MetricSpec, options: ReferenceOptions, path: FieldPath, errors: FieldError[]): void {
  const { type = '', object, external, pods, resource, containerResource } = metric;
  const typePath = path.child('type');
  const wanted = sourceOfType.get(type);
  if (type === '') errors.push(required(typePath, A_SOURCE_TYPE));
  if (!wanted) errors.push(notSupported(typePath, namedString(type), sourceTypes));
  // Only the first source is looked into.
  if (object) validateObjectSource(object, options, path.child('object'), errors);
  else if (external) validateExternalSource(external, path.child('external'), errors);
  else if (pods) validatePodsSource(pods, path.child('pods'), errors);
  else if (resource) validateResourceSource(resource, path.child('resource'), errors);
  else if (containerResource) {
    validateContainerResourceSource(containerResource, path.child('containerResource'), errors);
  }
  if (!wanted) errors.push(notSupported(typePath, namedString(type), sourceTypes));
  else if (!metric[wanted]) errors.push(required(path.child(wanted), A_SOURCE));
  const present = [...sourceOfType.values()].filter((source) => metric[source]).sort();
  if (present.length === 1) return;
  for (const source of present) {
    if (source !== wanted) errors.push(forbidden(path.child(source), ONE_SOURCE));
  }
}

function validateObjectSource(
  { describedObject, metric, target }: ObjectMetricSource,
  options: ReferenceOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateReference(describedObject, options, path.child('describedObject'), errors);
  validateIdentifier(metric, path.child('metric'), errors);
  const targetPath = path.child('target');
  validateTarget(target, targetPath, errors);
  if (target.value === undefined && target.averageValue === undefined) {
    errors.push(required(targetPath.child('averageValue'), OBJECT_TARGET));
  }
}

function validateExternalSource({ metric, target }: ExternalMetricSource, path: FieldPath, errors: FieldError[]): void {
  validateIdentifier(metric, path.child('metric'), errors);
  const targetPath = path.child('target');
  validateTarget(target, targetPath, errors);
  const hasValue = target.value !== undefined;
  const hasAverage = target.averageValue !== undefined;
  if (!hasValue && !hasAverage) errors.push(required(targetPath.child('averageValue'), EXTERNAL_TARGET));
  if (hasValue && hasAverage) errors.push(forbidden(targetPath.child('value'), TWO_EXTERNAL_TARGETS));
}

function validatePodsSource({ metric, target }: PodsMetricSource, path: FieldPath, errors: FieldError[]): void {
  validateIdentifier(metric, path.child('metric'), errors);
  const targetPath = path.child('target');
  validateTarget(target, targetPath, errors);
  if (target.averageValue === undefined) errors.push(required(targetPath.child('averageValue'), PODS_TARGET));
}

function validateContainerResourceSource(
  { name, container, target }: ContainerResourceMetricSource,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!name) errors.push(required(path.child('name'), A_RESOURCE_NAME));
  else validateContainerResourceName(name, path.child('name'), errors);
  const containerPath = path.child('container');
  if (!container) errors.push(required(containerPath, A_CONTAINER));
  else for (const message of isDns1123Label(container)) errors.push(invalid(containerPath, container, message));
  validateResourceTarget(target, path.child('target'), errors);
}

function validateResourceSource({ name, target }: ResourceMetricSource, path: FieldPath, errors: FieldError[]): void {
  if (!name) errors.push(required(path.child('name'), A_RESOURCE_NAME));
  validateResourceTarget(target, path.child('target'), errors);
}

function validateResourceTarget(target: MetricTarget, path: FieldPath, errors: FieldError[]): void {
  validateTarget(target, path, errors);
  const hasUtilization = target.averageUtilization !== undefined;
  const hasAverage = target.averageValue !== undefined;
  if (!hasUtilization && !hasAverage) errors.push(required(path.child('averageUtilization'), RESOURCE_TARGET));
  if (hasUtilization && hasAverage) errors.push(forbidden(path.child('averageValue'), TWO_RESOURCE_TARGETS));
}

function validateTarget(target: MetricTarget, path: FieldPath, errors: FieldError[]): void {
  const { type = '', averageUtilization } = target;
  if (type === '') errors.push(required(path.child('type'), A_TARGET_TYPE));
  if (!targetTypes.includes(type)) errors.push(invalid(path.child('type'), namedString(type), TARGET_TYPES));
  for (const field of ['value', 'averageValue'] as const) {
    const amount = target[field];
    if (amount !== undefined && mustParseQuantity(amount).sign() !== 1) {
      errors.push(invalid(path.child(field), namedString(amount), NOT_POSITIVE));
    }
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(path.child('averageUtilization'), averageUtilization, AT_LEAST_ONE_PERCENT));
  }
}

function validateIdentifier({ name }: MetricIdentifier, path: FieldPath, errors: FieldError[]): void {
  validatePathSegment(name, path.child('name'), A_METRIC_NAME, errors);
}
