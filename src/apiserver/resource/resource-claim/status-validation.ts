// Whether the status of a ResourceClaim may become what the scheduler and the drivers say.
// Behaviour: pkg/apis/resource/validation/validation.go (validateResourceClaimStatusUpdate), Kubernetes v1.36.3.
// Differs: the permissions for binding and for each driver are not asked for; requests are an administrator's.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  type FieldError,
  forbidden,
  GoValue,
  invalid,
  namedString,
  notSupported,
  required,
  tooLong,
  tooMany,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import { isValidInterfaceAddress } from '../../../apimachinery/validation/ip.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
} from '../../../schema/generated/types/resource-v1.ts';
import { internalStruct } from '../../core/pod-spec/internal-value.ts';
import { validateNodeSelector } from '../../core/pod-spec/validation/placement/affinity.ts';
import type { StrategyContext } from '../../resource.ts';
import {
  MAX_OPAQUE_LENGTH,
  validateBindingConditions,
  validateConfiguration,
  validateRawObject,
} from '../device-validation.ts';
import { validateList, validateSet } from '../lists.ts';
import { validateDriverName, validateLabelName, validatePoolName, validateUid } from '../names.ts';
import {
  MAX_CONFIGS,
  MAX_REQUESTS,
  type RequestNames,
  requestNames,
  validateAdminNamespace,
  validateRequestReference,
  validateRequestReferences,
} from './spec-validation.ts';

const NOT_ALLOCATED = 'may not be specified when `allocated` is not set';
const NEW_CONSUMER = 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set';
const UNKNOWN_DEVICE = 'must be an allocated device in the claim';

const MAX_CONSUMERS = 256;
const MAX_CONDITIONS = 8;
const MAX_INTERFACE_NAME_LENGTH = 256;
const MAX_HARDWARE_ADDRESS_LENGTH = 128;
const MAX_IPS = 16;

const STATUS = FieldPath.of('status');
const ALLOCATION = STATUS.child('allocation');

const configSources = ['FromClaim', 'FromClass'];

export function validateClaimStatus(
  { metadata, spec, status }: ResourceClaim,
  old: ResourceClaim,
  { reader }: StrategyContext,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { allocation, reservedFor = [] } = status;
  const names = requestNames(spec.devices);
  validateAdminResults(allocation, old.status.allocation, metadata.namespace, reader, errors);
  const consumersPath = STATUS.child('reservedFor');
  validateSet(
    reservedFor,
    {
      maxSize: MAX_CONSUMERS,
      validateItem: validateConsumer,
      keyOf: ({ uid }) => uid,
      badValueOf: ({ uid }) => namedString(uid),
    },
    consumersPath,
    errors,
  );
  const allocated = new Set((allocation?.devices.results ?? []).map(deviceText));
  const device = (item: AllocatedDeviceStatus, path: FieldPath) => {
    validateDeviceStatus(item, allocated, path, errors);
  };
  const devicesPath = STATUS.child('devices');
  validateSet(
    status.devices,
    { maxSize: Number.POSITIVE_INFINITY, validateItem: device, keyOf: deviceText, badValueOf: deviceValue },
    devicesPath,
    errors,
  );
  if (reservedFor.length > 0) {
    const before = old.status.reservedFor ?? [];
    const hasNew = reservedFor.some((consumer) => !before.some((other) => semanticDeepEqual(consumer, other)));
    if (!allocation) errors.push(forbidden(consumersPath, NOT_ALLOCATED));
    else if (metadata.deletionTimestamp && hasNew) errors.push(forbidden(consumersPath, NEW_CONSUMER));
  }
  if (allocation && old.status.allocation) {
    if (!semanticDeepEqual(allocation, old.status.allocation)) {
      errors.push(invalid(ALLOCATION, allocationValue(allocation), FIELD_IMMUTABLE));
    }
  } else if (allocation) validateAllocation(allocation, names, errors);
  return errors;
}

function validateAdminResults(
  allocation: AllocationResult | undefined,
  old: AllocationResult | undefined,
  namespace: string | undefined,
  reader: StrategyContext['reader'],
  errors: FieldError[],
): void {
  if (old?.devices.results?.some(({ adminAccess }) => adminAccess)) return;
  const i = allocation?.devices.results?.findIndex(({ adminAccess }) => adminAccess) ?? -1;
  if (i < 0) return;
  const path = ALLOCATION.child('devices', 'results').index(i).child('adminAccess');
  validateAdminNamespace(namespace, reader, path, errors);
}

function validateConsumer(
  { resource, name, uid }: ResourceClaimConsumerReference,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!resource) errors.push(required(path.child('resource'), ''));
  if (!name) errors.push(required(path.child('name'), ''));
  if (!uid) errors.push(required(path.child('uid'), ''));
}

interface DeviceId {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

/** A device's identity as a bad value. */
function deviceValue(device: DeviceId): GoValue {
  return new GoValue(deviceText(device));
}

export function deviceText({ driver, pool, device, shareID = '' }: DeviceId): string {
  return goMarshalInOrder({ Driver: driver, Pool: pool, Device: device, ShareID: shareID });
}

function validateDeviceStatus(
  status: AllocatedDeviceStatus,
  allocated: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { driver, pool, device, shareID, conditions = [], data, networkData } = status;
  validateDriverName(driver, path.child('driver'), errors);
  validatePoolName(pool, path.child('pool'), errors);
  validateLabelName(device, path.child('device'), errors);
  if (shareID !== undefined) validateUid(shareID, path.child('shareID'), errors);
  if (!allocated.has(deviceText(status))) errors.push(invalid(path, deviceValue(status), UNKNOWN_DEVICE));
  const conditionsPath = path.child('conditions');
  if (conditions.length > MAX_CONDITIONS) errors.push(tooMany(conditionsPath, conditions.length, MAX_CONDITIONS));
  errors.push(...validateConditions(conditions, conditionsPath));
  if (data !== undefined) validateRawObject(data, false, MAX_OPAQUE_LENGTH, path.child('data'), errors);
  if (networkData) validateNetworkData(networkData, path.child('networkData'), errors);
}

function validateNetworkData(
  { interfaceName = '', hardwareAddress = '', ips }: NetworkDeviceData,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (byteLength(interfaceName) > MAX_INTERFACE_NAME_LENGTH) {
    errors.push(tooLong(path.child('interfaceName'), MAX_INTERFACE_NAME_LENGTH));
  }
  if (byteLength(hardwareAddress) > MAX_HARDWARE_ADDRESS_LENGTH) {
    errors.push(tooLong(path.child('hardwareAddress'), MAX_HARDWARE_ADDRESS_LENGTH));
  }
  const address = (item: string, itemPath: FieldPath) => {
    errors.push(...isValidInterfaceAddress(itemPath, item));
  };
  validateSet(ips, { maxSize: MAX_IPS, validateItem: address, keyOf: (item) => item }, path.child('ips'), errors);
}

function validateAllocation({ devices, nodeSelector }: AllocationResult, names: RequestNames, errors: FieldError[]) {
  const path = ALLOCATION.child('devices');
  const result = (item: DeviceRequestAllocationResult, itemPath: FieldPath) => {
    validateResult(item, names, itemPath, errors);
  };
  validateList(devices.results, MAX_REQUESTS, result, path.child('results'), errors);
  const config = (item: DeviceAllocationConfiguration, itemPath: FieldPath) => {
    validateAllocationConfig(item, names, itemPath, errors);
  };
  validateList(devices.config, 2 * MAX_CONFIGS, config, path.child('config'), errors);
  if (nodeSelector) validateNodeSelector(nodeSelector, false, ALLOCATION.child('nodeSelector'), errors);
}

function validateResult(
  result: DeviceRequestAllocationResult,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { request, driver, pool, device, bindingConditions, bindingFailureConditions, shareID } = result;
  validateRequestReference(request, names, path.child('request'), errors);
  validateDriverName(driver, path.child('driver'), errors);
  validatePoolName(pool, path.child('pool'), errors);
  validateLabelName(device, path.child('device'), errors);
  validateBindingConditions(bindingConditions, bindingFailureConditions, path, errors);
  if (shareID !== undefined) validateUid(shareID, path.child('shareID'), errors);
}

function validateAllocationConfig(
  config: DeviceAllocationConfiguration,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { source = '', requests } = config;
  const sourcePath = path.child('source');
  if (source === '') errors.push(required(sourcePath, ''));
  else if (!configSources.includes(source)) {
    errors.push(notSupported(sourcePath, namedString(source), ['FromClaim', 'FromClass']));
  }
  validateRequestReferences(requests, names, path.child('requests'), errors);
  validateConfiguration(config, false, path, errors);
}

function allocationValue({ devices, nodeSelector, allocationTimestamp }: AllocationResult): GoValue {
  const results = devices.results?.map((result) => ({
    Request: result.request,
    Driver: result.driver,
    Pool: result.pool,
    Device: result.device,
    AdminAccess: result.adminAccess ?? null,
    Tolerations: shownField(result, 'tolerations'),
    BindingConditions: shownField(result, 'bindingConditions'),
    BindingFailureConditions: shownField(result, 'bindingFailureConditions'),
    ShareID: result.shareID ?? null,
    ConsumedCapacity: result.consumedCapacity ? new Map(Object.entries(result.consumedCapacity)) : null,
  }));
  const config = devices.config?.map((configuration) => ({
    Source: configuration.source,
    Requests: shownField(configuration, 'requests'),
    Opaque: configuration.opaque
      ? { Driver: configuration.opaque.driver, Parameters: configuration.opaque.parameters ?? null }
      : null,
  }));
  return new GoValue(
    goMarshalInOrder({
      Devices: { Results: results ?? shownField(devices, 'results'), Config: config ?? shownField(devices, 'config') },
      NodeSelector: nodeSelector ? internalStruct('NodeSelector', nodeSelector) : null,
      AllocationTimestamp: allocationTimestamp ?? null,
    }),
  );
}
