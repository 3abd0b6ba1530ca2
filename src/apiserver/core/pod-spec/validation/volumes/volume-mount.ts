// Whether the mounts and block devices of a container fit the pod's volumes and each other.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateVolumeMounts, ValidateVolumeDevices), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notFound,
  notSupported,
  required,
} from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import type { Volume, VolumeDevice, VolumeMount } from '../../../../../schema/generated/types/core-v1.ts';
import type { AnyContainer } from '../../visit-containers.ts';
import { hasBacksteps, validateLocalDescendingPath } from './path.ts';

const UNIQUE = 'must be unique';
const IN_DEVICES = 'must not already exist in volumeDevices';
const PATH_IN_DEVICES = 'must not already exist as a path in volumeDevices';
const IN_MOUNTS = 'must not already exist in volumeMounts';
const PATH_IN_MOUNTS = 'must not already exist as a path in volumeMounts';
const SUB_PATH_TWICE = 'subPathExpr and subPath are mutually exclusive';
const ONLY_PRIVILEGED = 'Bidirectional mount propagation is available only to privileged containers';
const ONLY_READ_ONLY = 'may only be specified when readOnly is true';
const ONLY_WITHOUT_PROPAGATION = 'may only be specified when mountPropagation is None or not specified';
const NOT_A_BLOCK_VOLUME = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
const DEVICE_BACKSTEPS = "can not contain backsteps ('..')";

const mountPropagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursiveReadOnlyModes = ['Disabled', 'Enabled', 'IfPossible'];

/** The pod's valid volumes by name. */
export type Volumes = ReadonlyMap<string, Volume>;

export function validateVolumeMounts(
  container: AnyContainer,
  volumes: Volumes,
  containerPath: FieldPath,
  errors: FieldError[],
): void {
  const { volumeMounts, volumeDevices } = container;
  if (!volumeMounts) return;
  const path = containerPath.child('volumeMounts');
  const mountPaths = new Set<string>();
  // Of several devices with one name, upstream remembers the last.
  const devices = volumeDevices && new Map(volumeDevices.map((device) => [device.name, device.devicePath]));
  volumeMounts.forEach((mount, i) => {
    const { name, mountPath, subPath, subPathExpr } = mount;
    const entryPath = path.index(i);
    if (!name) errors.push(required(entryPath.child('name'), ''));
    if (!volumes.has(name)) errors.push(notFound(entryPath.child('name'), name));
    if (!mountPath) errors.push(required(entryPath.child('mountPath'), ''));
    if (mountPaths.has(mountPath)) errors.push(invalid(entryPath.child('mountPath'), mountPath, UNIQUE));
    mountPaths.add(mountPath);
    if (devices?.has(name)) errors.push(invalid(entryPath.child('name'), name, IN_DEVICES));
    if (devices && [...devices.values()].includes(mountPath)) {
      errors.push(invalid(entryPath.child('mountPath'), mountPath, PATH_IN_DEVICES));
    }
    // The paths of these four leave the index out.
    if (subPath) validateLocalDescendingPath(subPath, path.child('subPath'), errors);
    if (subPathExpr) {
      if (subPath) errors.push(invalid(entryPath.child('subPathExpr'), subPathExpr, SUB_PATH_TWICE));
      validateLocalDescendingPath(subPathExpr, path.child('subPathExpr'), errors);
    }
    validateMountPropagation(mount, container, path, errors);
    validateRecursiveReadOnly(mount, path, errors);
  });
}

function validateMountPropagation(
  { mountPropagation }: VolumeMount,
  container: AnyContainer,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (mountPropagation === undefined) return;
  if (!mountPropagations.includes(mountPropagation)) {
    errors.push(notSupported(path.child('mountPropagation'), namedString(mountPropagation), mountPropagations));
  }
  if (mountPropagation === 'Bidirectional' && container.securityContext?.privileged !== true) {
    errors.push(forbidden(path.child('mountPropagation'), ONLY_PRIVILEGED));
  }
}

function validateRecursiveReadOnly(mount: VolumeMount, mountsPath: FieldPath, errors: FieldError[]): void {
  const { recursiveReadOnly, mountPropagation } = mount;
  if (recursiveReadOnly === undefined || recursiveReadOnly === 'Disabled') return;
  const path = mountsPath.child('recursiveReadOnly');
  if (!recursiveReadOnlyModes.includes(recursiveReadOnly)) {
    errors.push(notSupported(path, namedString(recursiveReadOnly), recursiveReadOnlyModes));
    return;
  }
  if (!mount.readOnly) errors.push(forbidden(path, ONLY_READ_ONLY));
  if (mountPropagation !== undefined && mountPropagation !== 'None') {
    errors.push(forbidden(path, ONLY_WITHOUT_PROPAGATION));
  }
}

export function validateVolumeDevices(
  container: AnyContainer,
  volumes: Volumes,
  containerPath: FieldPath,
  errors: FieldError[],
): void {
  const { volumeDevices, volumeMounts } = container;
  if (!volumeDevices) return;
  const path = containerPath.child('volumeDevices');
  const mounts = new Map((volumeMounts ?? []).map((mount) => [mount.name, mount.mountPath]));
  const mountPaths = new Set(mounts.values());
  const names = new Set<string>();
  const devicePaths = new Set<string>();
  volumeDevices.forEach((device: VolumeDevice, i) => {
    const { name, devicePath } = device;
    const namePath = path.index(i).child('name');
    const devicePathPath = path.index(i).child('devicePath');
    const volume = volumes.get(name);
    if (!name) errors.push(required(namePath, ''));
    if (names.has(name)) errors.push(invalid(namePath, name, UNIQUE));
    if (!volume) errors.push(notFound(namePath, name));
    else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      errors.push(invalid(namePath, name, NOT_A_BLOCK_VOLUME));
    }
    if (!devicePath) errors.push(required(devicePathPath, ''));
    if (devicePaths.has(devicePath)) errors.push(invalid(devicePathPath, devicePath, UNIQUE));
    if (hasBacksteps(devicePath)) errors.push(invalid(devicePathPath, devicePath, DEVICE_BACKSTEPS));
    else devicePaths.add(devicePath);
    if (mounts.has(name)) errors.push(invalid(namePath, name, IN_MOUNTS));
    if (mountPaths.has(devicePath)) errors.push(invalid(devicePathPath, devicePath, PATH_IN_MOUNTS));
    if (name) names.add(name);
  });
}
