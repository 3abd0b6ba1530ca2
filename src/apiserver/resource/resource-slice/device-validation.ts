// Whether a device that a driver offers in a ResourceSlice makes sense.
// Behaviour: pkg/apis/resource/validation/validation.go (validateDevice and what it calls), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  type FieldError,
  forbidden,
  GoValue,
  invalid,
  namedString,
  notFound,
  required,
  tooLong,
} from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { compareBytes, goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { DNS1123_LABEL_MAX_LENGTH } from '../../../apimachinery/validation/names.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type {
  Device,
  DeviceAttribute,
  DeviceCapacity,
  DeviceCounterConsumption,
} from '../../../schema/generated/types/resource-v1.ts';
import { isNativeResource } from '../../core/pod-spec/resource-names.ts';
import { validateBindingConditions, validateTaint } from '../device-validation.ts';
import { validateList, validateMap, validateSet } from '../lists.ts';
import { MAX_QUALIFIED_NAME_LENGTH, validateLabelName, validateQualifiedName } from '../names.ts';
import { validateNamedNodes } from './named-nodes.ts';
import { validateRequestPolicy } from './request-policy-validation.ts';

const EMPTY_NODE_NAME = 'must not be empty';
const ONLY_TRUE = 'must be either unset or set to true';
const A_NODE =
  'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
const NO_NODES =
  '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
const ONE_VALUE = 'exactly one value must be specified';
const EMPTY_LIST = 'must not be empty if specified';
const NOT_SEMVER = 'must be a string compatible with semver.org spec 2.0.0';
const NOT_SHARED = 'allowMultipleAllocations must be true';
const NOT_ALLOCATABLE = 'must be a node allocatable resource name';
const NO_MAPPING = 'at least one of allocationMultiplier or capacityKey must be set';
const NOT_POSITIVE = 'must be positive';
const EMPTY_KEY = 'capacityKey must not be an empty string';

const MAX_ATTRIBUTES_AND_CAPACITIES = 32;
const MAX_ATTRIBUTE_VALUES = 48;
const MAX_VALUE_LENGTH = 64;
const MAX_TAINTS = 16;
const MAX_CONSUMPTIONS = 2;
const MAX_COUNTERS = 32;
const UNLIMITED = Number.POSITIVE_INFINITY;

const SEMVER =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

const lists = ['ints', 'bools', 'strings', 'versions'] as const;

export function validateDevice(
  device: Device,
  old: Device | undefined,
  perDeviceNodeSelection: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateLabelName(device.name, path.child('name'), errors);
  const { attributes = {}, capacity = {} } = device;
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  if (count > MAX_ATTRIBUTES_AND_CAPACITIES) {
    const detail = `the total number of attributes and capacities must not exceed ${MAX_ATTRIBUTES_AND_CAPACITIES}`;
    errors.push(invalid(path, count, detail));
  }
  const values = Object.values(attributes).reduce((sum, attribute) => sum + valueCount(attribute), 0);
  if (values > MAX_ATTRIBUTE_VALUES) {
    errors.push(invalid(path, values, `the total number of attribute values must not exceed ${MAX_ATTRIBUTE_VALUES}`));
  }
  const attributesPath = path.child('attributes');
  const keyLength = MAX_QUALIFIED_NAME_LENGTH;
  validateMap(
    attributes,
    {
      maxSize: UNLIMITED,
      maxKeyLength: keyLength,
      validateKey: validateQualifiedName,
      validateItem: validateAttribute,
    },
    attributesPath,
    errors,
  );
  const validateCapacity = ({ value, requestPolicy }: DeviceCapacity, capacityPath: FieldPath) => {
    if (!requestPolicy) return;
    const policyPath = capacityPath.child('requestPolicy');
    if (device.allowMultipleAllocations) {
      validateRequestPolicy(mustParseQuantity(value), requestPolicy, policyPath, errors);
    } else errors.push(forbidden(policyPath, NOT_SHARED));
  };
  validateMap(
    capacity,
    { maxSize: UNLIMITED, maxKeyLength: keyLength, validateKey: validateQualifiedName, validateItem: validateCapacity },
    path.child('capacity'),
    errors,
  );
  if (!old || !semanticDeepEqual(device.taints, old.taints)) {
    validateList(device.taints, MAX_TAINTS, validateTaint, path.child('taints'), errors);
  }
  const consumptionsPath = path.child('consumesCounters');
  const keyOf = ({ counterSet }: DeviceCounterConsumption) => counterSet;
  validateSet(
    device.consumesCounters,
    { maxSize: MAX_CONSUMPTIONS, validateItem: validateConsumption, keyOf },
    consumptionsPath,
    errors,
  );
  validateNodes(device, perDeviceNodeSelection, path, errors);
  validateBindingConditions(device.bindingConditions, device.bindingFailureConditions, path, errors);
  validateMappings(device, path.child('nodeAllocatableResourceMappings'), errors);
}

/** The items of lists count one by one. */
function valueCount(attribute: DeviceAttribute): number {
  const items = lists.reduce((sum, list) => sum + (attribute[list]?.length ?? 0), 0);
  return items || 1;
}

export function hasListAttributes({ attributes = {} }: Device): boolean {
  return Object.values(attributes).some((attribute) => lists.some((list) => attribute[list] !== undefined));
}

function validateAttribute(attribute: DeviceAttribute, path: FieldPath, errors: FieldError[]): void {
  const { string: text, version, strings = [], versions = [] } = attribute;
  if (text !== undefined) validateString(text, path.child('string'), errors);
  if (version !== undefined) validateVersion(version, path.child('version'), errors);
  for (const list of lists) {
    if (attribute[list]?.length === 0) errors.push(invalid(path.child(list), [], EMPTY_LIST));
  }
  strings.forEach((item, i) => {
    validateString(item, path.child('strings').index(i), errors);
  });
  versions.forEach((item, i) => {
    validateVersion(item, path.child('versions').index(i), errors);
  });
  const count = Object.values(attribute).filter((value) => value !== undefined).length;
  if (count === 0) errors.push(invalid(path, '', ONE_VALUE));
  if (count > 1) errors.push(invalid(path, attributeValue(attribute), ONE_VALUE));
}

function validateString(text: string, path: FieldPath, errors: FieldError[]): void {
  if (byteLength(text) > MAX_VALUE_LENGTH) errors.push(tooLong(path, MAX_VALUE_LENGTH));
}

function validateVersion(text: string, path: FieldPath, errors: FieldError[]): void {
  if (!SEMVER.test(text)) errors.push(invalid(path, text, NOT_SEMVER));
  validateString(text, path, errors);
}

function attributeValue(attribute: DeviceAttribute): GoValue {
  const { int, bool, string, version } = attribute;
  return new GoValue(
    goMarshalInOrder({
      IntValue: int ?? null,
      BoolValue: bool ?? null,
      StringValue: string ?? null,
      VersionValue: version ?? null,
      IntValues: shownField(attribute, 'ints'),
      BoolValues: shownField(attribute, 'bools'),
      StringValues: shownField(attribute, 'strings'),
      VersionValues: shownField(attribute, 'versions'),
    }),
  );
}

function validateConsumption(
  { counterSet, counters = {} }: DeviceCounterConsumption,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateCounters(counterSet, path.child('counterSet'), counters, path, errors);
}

/** A named set of counters: in a slice, or what a device takes of one. */
export function validateCounters(
  name: string | undefined,
  namePath: FieldPath,
  counters: Readonly<Record<string, unknown>>,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!name) errors.push(required(namePath, ''));
  else validateLabelName(name, namePath, errors);
  const countersPath = path.child('counters');
  if (Object.keys(counters).length === 0) errors.push(required(countersPath, ''));
  // Any amount will do.
  validateMap(
    counters,
    {
      maxSize: MAX_COUNTERS,
      maxKeyLength: DNS1123_LABEL_MAX_LENGTH,
      validateKey: validateLabelName,
      validateItem: () => {},
    },
    countersPath,
    errors,
  );
}

function validateNodes(
  { nodeName, nodeSelector, allNodes }: Device,
  perDeviceNodeSelection: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!perDeviceNodeSelection) {
    const isSet = nodeName !== undefined || nodeSelector !== undefined || allNodes !== undefined;
    if (isSet) errors.push(invalid(path, null, NO_NODES));
    return;
  }
  const set = validateNamedNodes({ nodeName, nodeSelector }, EMPTY_NODE_NAME, path, errors);
  if (allNodes) set.push('`allNodes`');
  else if (allNodes === false) errors.push(invalid(path.child('allNodes'), false, ONLY_TRUE));
  if (set.length === 0) errors.push(required(path, A_NODE));
  if (set.length > 1) errors.push(invalid(path, `{${set.join(', ')}}`, A_NODE));
}

function validateMappings(
  { nodeAllocatableResourceMappings: mappings = {}, capacity = {} }: Device,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const name of Object.keys(mappings).sort(compareBytes)) {
    const { allocationMultiplier: multiplier, capacityKey } = mappings[name] ?? {};
    const keyPath = path.key(name);
    if (!isNativeResource(name)) errors.push(invalid(keyPath, namedString(name), NOT_ALLOCATABLE));
    if (multiplier === undefined && capacityKey === undefined) errors.push(invalid(keyPath, '', NO_MAPPING));
    if (multiplier !== undefined && mustParseQuantity(multiplier).sign() <= 0) {
      errors.push(invalid(keyPath.child('allocationMultiplier'), multiplier, NOT_POSITIVE));
    }
    if (capacityKey === undefined) continue;
    if (capacityKey === '') errors.push(invalid(keyPath.child('capacityKey'), '', EMPTY_KEY));
    else if (capacity[capacityKey] === undefined) {
      errors.push(notFound(keyPath.child('capacityKey'), namedString(capacityKey)));
    }
  }
}
