// How ResourceSlices, in which drivers offer their devices, are created and updated.
// Behaviour: pkg/registry/resource/resourceslice/strategy.go, pkg/apis/resource/{v1/defaults,validation/validation}.go,
// Kubernetes v1.36.3.
// Differs: the fields of gates that are on by default in 1.36 are never dropped.
import { type FieldError, GoValue, invalid, namedString, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { givenEmpty } from '../../../schema/decode/given-empty.ts';
import type {
  CounterSet,
  Device,
  ResourcePool,
  ResourceSlice,
  ResourceSliceSpec,
} from '../../../schema/generated/types/resource-v1.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { internalStruct } from '../../core/pod-spec/internal-value.ts';
import type { FeatureGates, Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { validateSet } from '../lists.ts';
import { validateDriverName, validatePoolName } from '../names.ts';
import { hasListAttributes, validateCounters, validateDevice } from './device-validation.ts';
import { validateNamedNodes } from './named-nodes.ts';

const NOT_POSITIVE = 'must be greater than zero';
const NEGATIVE = 'must be greater than or equal to zero';
const EMPTY_NODE_NAME = 'must be either unset or set to a non-empty string';
const ONLY_TRUE = 'must be either unset or set to true';
const ONE_TERM = 'must have exactly one node selector term';
const A_NODE = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
const MANY_NODES = `${A_NODE}, but multiple fields are set`;
const COUNTERS_OR_DEVICES = 'only one of `sharedCounters` or `devices` is allowed';

const MAX_DEVICES = 128;
const MAX_ADVANCED_DEVICES = 64;
const MAX_COUNTER_SETS = 8;

const SPEC = FieldPath.of('spec');

export const resourceSliceResource: Resource<ResourceSlice> = {
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  singular: 'resourceslice',
  namespaced: false,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults,
    prepareForCreate: (slice, { features }) => withGeneration(withEnabledFields(slice, undefined, features), 1),
    validate: ({ spec }) => validateSpec(spec, undefined),
    warningsOnCreate: driverWarnings,
    prepareForUpdate,
    validateUpdate: ({ spec }, old) => validateSpec(spec, old.spec),
    warningsOnUpdate: driverWarnings,
  },
};

function withDevices(slice: ResourceSlice, change: (device: Device) => Device): ResourceSlice {
  const { devices } = slice.spec;
  return devices ? { ...slice, spec: { ...slice.spec, devices: devices.map(change) } } : slice;
}

function applyDefaults(slice: ResourceSlice, { now }: StrategyContext): ResourceSlice {
  return withDevices(slice, (device) => {
    const { taints, nodeAllocatableResourceMappings: mappings } = device;
    if (!taints && !mappings) return device;
    return {
      ...device,
      ...(taints ? { taints: taints.map((taint) => ({ timeAdded: formatTime(now), ...taint })) } : {}),
      ...(mappings ? { nodeAllocatableResourceMappings: withMultipliers(mappings) } : {}),
    };
  });
}

type Mappings = NonNullable<Device['nodeAllocatableResourceMappings']>;

function withMultipliers(mappings: Mappings): Mappings {
  return Object.fromEntries(
    Object.entries(mappings).map(([name, mapping]) => [name, { allocationMultiplier: '1', ...mapping }]),
  );
}

/** Fields whose gates are off are dropped unless the stored slice uses them. */
function withEnabledFields(
  slice: ResourceSlice,
  old: ResourceSlice | undefined,
  features: FeatureGates,
): ResourceSlice {
  const oldDevices = old?.spec.devices ?? [];
  const keepsMappings =
    features.isEnabled('DRANodeAllocatableResources') ||
    oldDevices.some(({ nodeAllocatableResourceMappings }) => nodeAllocatableResourceMappings);
  const keepsLists = features.isEnabled('DRAListTypeAttributes') || oldDevices.some(hasListAttributes);
  if (keepsMappings && keepsLists) return slice;
  return withDevices(slice, (device) => {
    const { nodeAllocatableResourceMappings: _, ...withoutMappings } = device;
    const next: Device = keepsMappings ? device : withoutMappings;
    return keepsLists || !hasListAttributes(next) ? next : withoutLists(next);
  });
}

function withoutLists(device: Device): Device {
  const attributes = Object.fromEntries(
    Object.entries(device.attributes ?? {}).map(
      ([name, { ints: _1, bools: _2, strings: _3, versions: _4, ...value }]) => [name, value],
    ),
  );
  return { ...device, attributes };
}

function prepareForUpdate(given: ResourceSlice, old: ResourceSlice, { features }: StrategyContext): ResourceSlice {
  const slice = equalValues(given.spec, old.spec) ? given : withNextGeneration(given, old);
  return withEnabledFields(slice, old, features);
}

function driverWarnings({ spec: { driver = '' } }: ResourceSlice): readonly string[] {
  if (driver === driver.toLowerCase()) return [];
  return [`spec.driver: driver names should be lowercase; ${goQuote(driver)} contains uppercase characters`];
}

function validateSpec(spec: ResourceSliceSpec, old: ResourceSliceSpec | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateDriverName(spec.driver, SPEC.child('driver'), errors);
  validatePool(spec.pool, SPEC.child('pool'), errors);
  if (old) validateUnchanged(spec, old, errors);
  validateNodes(spec, errors);
  if (isGiven(spec, 'sharedCounters') && isGiven(spec, 'devices')) errors.push(invalid(SPEC, '', COUNTERS_OR_DEVICES));
  const isAdvanced = spec.devices?.some(
    (device) => device.taints?.length || device.consumesCounters?.length || hasListAttributes(device),
  );
  const oldDevices = new Map((old?.devices ?? []).map((device) => [device.name, device]));
  const device = (item: Device, path: FieldPath) => {
    validateDevice(item, oldDevices.get(item.name), spec.perDeviceNodeSelection ?? false, path, errors);
  };
  const maxDevices = isAdvanced ? MAX_ADVANCED_DEVICES : MAX_DEVICES;
  validateSet(
    spec.devices,
    { maxSize: maxDevices, validateItem: device, keyOf: ({ name }) => name },
    SPEC.child('devices'),
    errors,
  );
  const counterSet = ({ name, counters = {} }: CounterSet, path: FieldPath) => {
    validateCounters(name, path.child('name'), counters, path, errors);
  };
  const setsPath = SPEC.child('sharedCounters');
  validateSet(
    spec.sharedCounters,
    { maxSize: MAX_COUNTER_SETS, validateItem: counterSet, keyOf: ({ name }) => name },
    setsPath,
    errors,
  );
  return errors;
}

function validatePool(
  { name, resourceSliceCount = 0, generation = 0 }: ResourcePool,
  path: FieldPath,
  errors: FieldError[],
): void {
  validatePoolName(name, path.child('name'), errors);
  if (resourceSliceCount <= 0) {
    errors.push(invalid(path.child('resourceSliceCount'), resourceSliceCount, NOT_POSITIVE));
  }
  if (generation < 0) errors.push(invalid(path.child('generation'), generation, NEGATIVE));
}

function validateUnchanged(spec: ResourceSliceSpec, old: ResourceSliceSpec, errors: FieldError[]): void {
  if (spec.pool.name !== old.pool.name) {
    errors.push(invalid(SPEC.child('pool', 'name'), spec.pool.name, FIELD_IMMUTABLE));
  }
  if (spec.driver !== old.driver) errors.push(invalid(SPEC.child('driver'), spec.driver, FIELD_IMMUTABLE));
  if (spec.nodeName !== old.nodeName) {
    errors.push(invalid(SPEC.child('nodeName'), namedString(spec.nodeName), FIELD_IMMUTABLE));
  }
}

function validateNodes(spec: ResourceSliceSpec, errors: FieldError[]): void {
  const { nodeName, nodeSelector, allNodes, perDeviceNodeSelection } = spec;
  const set = validateNamedNodes({ nodeName, nodeSelector }, EMPTY_NODE_NAME, SPEC, errors);
  if (nodeSelector) {
    const terms = nodeSelector.nodeSelectorTerms;
    if (terms?.length !== 1) {
      const value = terms?.map((term) => internalStruct('NodeSelectorTerm', term)) ?? null;
      errors.push(
        invalid(SPEC.child('nodeSelector', 'nodeSelectorTerms'), new GoValue(goMarshalInOrder(value)), ONE_TERM),
      );
    }
  }
  for (const [field, value] of Object.entries({ allNodes, perDeviceNodeSelection })) {
    if (value) set.push(`\`${field}\``);
    else if (value === false) errors.push(invalid(SPEC.child(field), false, ONLY_TRUE));
  }
  if (set.length === 0) errors.push(required(SPEC, A_NODE));
  if (set.length > 1) errors.push(invalid(SPEC, `{${set.join(', ')}}`, MANY_NODES));
}

/** An empty list is one too, in the request that brings it. */
function isGiven(spec: ResourceSliceSpec, field: 'sharedCounters' | 'devices'): boolean {
  return spec[field] !== undefined || givenEmpty(spec, field) !== undefined;
}
