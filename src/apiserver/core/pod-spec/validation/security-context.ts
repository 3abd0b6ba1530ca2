// Whether the security settings of a pod and of its containers are possible and go together.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateSecurityContext, validatePodSpecSecurityContext), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
  tooLong,
} from '../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../apimachinery/field-path.ts';
import { byteLength } from '../../../../apimachinery/go/utf8.ts';
import { isValidGroupId, isValidUserId } from '../../../../apimachinery/validation/names.ts';
import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from '../../../../schema/generated/types/core-v1.ts';
import { structValue } from '../internal-value.ts';
import { hasOuterSpace, pushInvalid } from './name.ts';
import type { PodValidationOptions } from './options.ts';
import { validateLocalDescendingPath } from './volumes/path.ts';
import { validateWindowsOptions } from './windows.ts';

const UNMASKED_NEEDS_USER_NAMESPACE = '`hostUsers` must be false to use `Unmasked`';
const ESCALATION_AND_PRIVILEGED = 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true';
const ESCALATION_AND_SYS_ADMIN = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
const SHARED_AND_HOST_PID = 'ShareProcessNamespace and HostPID cannot both be enabled';
const SECCOMP_TYPE_REQUIRED = 'type is required when seccompProfile is set';
const SECCOMP_LOCALHOST_REQUIRED = 'must be set when seccomp type is Localhost';
const SECCOMP_LOCALHOST_ONLY = 'can only be set when seccomp type is Localhost';
const APP_ARMOR_TYPE_REQUIRED = 'type is required when appArmorProfile is set';
const APP_ARMOR_LOCALHOST_REQUIRED = 'must be set when AppArmor type is Localhost';
const APP_ARMOR_LOCALHOST_ONLY = 'can only be set when AppArmor type is Localhost';
const APP_ARMOR_PADDED = 'must not be padded with whitespace';
const SYSCTL_ON_HOST_NETWORK = "may not be specified when 'hostNetwork' is true";
const SYSCTL_ON_HOST_IPC = "may not be specified when 'hostIPC' is true";

/** PATH_MAX - 1 */
const MAX_LOCALHOST_PROFILE_LENGTH = 4095;
const MAX_SYSCTL_LENGTH = 253;
const SYSCTL_SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL_NAME = `^(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}$`;
const sysctlName = new RegExp(SYSCTL_NAME);

const procMountTypes = ['Default', 'Unmasked'];
const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const fsGroupChangePolicies = ['Always', 'OnRootMismatch'];
const supplementalGroupsPolicies = ['Merge', 'Strict'];
const seLinuxChangePolicies = ['MountOption', 'Recursive'];
const recursiveOnly = ['Recursive'];

const ipcSysctls: ReadonlySet<string> = new Set([
  'kernel.sem',
  'kernel.shmall',
  'kernel.shmmax',
  'kernel.shmmni',
  'kernel.shm_rmid_forced',
  'kernel.shm',
  'kernel.msgmax',
  'kernel.msgmnb',
  'kernel.msgmni',
  'kernel.msg',
]);

// Differs: kube-apiserver's --allow-privileged is taken to be true, as kubeadm sets it.
export function validateSecurityContext(
  context: SecurityContext,
  path: FieldPath,
  hostUsers: boolean,
  errors: FieldError[],
): void {
  validateIds(context, path, errors);
  const { procMount } = context;
  if (procMount !== undefined) {
    const procMountPath = path.child('procMount');
    if (!procMountTypes.includes(procMount)) {
      errors.push(notSupported(procMountPath, namedString(procMount), procMountTypes));
    }
    if (hostUsers && procMount === 'Unmasked') {
      errors.push(invalid(procMountPath, namedString(procMount), UNMASKED_NEEDS_USER_NAMESPACE));
    }
  }
  validateSeccompProfileField(context.seccompProfile, path, errors);
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged) errors.push(invalid(path, contextValue(context), ESCALATION_AND_PRIVILEGED));
    for (const capability of context.capabilities?.add ?? []) {
      if (capability === 'CAP_SYS_ADMIN') errors.push(invalid(path, contextValue(context), ESCALATION_AND_SYS_ADMIN));
    }
  }
  validateWindowsOptions(context.windowsOptions, path, errors);
  validateAppArmorProfileField(context.appArmorProfile, path.child('appArmorProfile'), errors);
}

function contextValue(context: SecurityContext) {
  return structValue('SecurityContext', context);
}

function validateIds(
  { runAsUser, runAsGroup }: Pick<SecurityContext, 'runAsUser' | 'runAsGroup'>,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (runAsUser !== undefined) pushInvalid(isValidUserId(runAsUser), path.child('runAsUser'), runAsUser, errors);
  if (runAsGroup !== undefined) pushInvalid(isValidGroupId(runAsGroup), path.child('runAsGroup'), runAsGroup, errors);
}

export function validatePodSecurityContext(
  context: PodSecurityContext,
  spec: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const { fsGroup, sysctls, fsGroupChangePolicy, supplementalGroupsPolicy, seLinuxChangePolicy } = context;
  if (fsGroup !== undefined) pushInvalid(isValidGroupId(fsGroup), path.child('fsGroup'), fsGroup, errors);
  validateIds(context, path, errors);
  context.supplementalGroups?.forEach((gid, i) => {
    pushInvalid(isValidGroupId(gid), path.child('supplementalGroups').index(i), gid, errors);
  });
  if (spec.shareProcessNamespace && spec.hostPID) {
    errors.push(invalid(path.child('shareProcessNamespace'), true, SHARED_AND_HOST_PID));
  }
  if (sysctls) validateSysctls(sysctls, spec, path.child('sysctls'), options, errors);
  if (fsGroupChangePolicy !== undefined && !fsGroupChangePolicies.includes(fsGroupChangePolicy)) {
    const policyPath = path.child('fsGroupChangePolicy');
    errors.push(notSupported(policyPath, namedString(fsGroupChangePolicy), fsGroupChangePolicies));
  }
  validateSeccompProfileField(context.seccompProfile, path, errors);
  validateWindowsOptions(context.windowsOptions, path, errors);
  validateAppArmorProfileField(context.appArmorProfile, path.child('appArmorProfile'), errors);
  if (supplementalGroupsPolicy !== undefined && !supplementalGroupsPolicies.includes(supplementalGroupsPolicy)) {
    const policyPath = path.child('supplementalGroupsPolicy');
    errors.push(notSupported(policyPath, namedString(supplementalGroupsPolicy), supplementalGroupsPolicies));
  }
  if (seLinuxChangePolicy !== undefined) {
    const valid = options.allowOnlyRecursiveSELinuxChangePolicy ? recursiveOnly : seLinuxChangePolicies;
    if (!valid.includes(seLinuxChangePolicy)) {
      errors.push(notSupported(path.child('seLinuxChangePolicy'), namedString(seLinuxChangePolicy), valid));
    }
  }
}

function validateSysctls(
  sysctls: readonly Sysctl[],
  spec: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const names = new Set<string>();
  sysctls.forEach(({ name }, i) => {
    const namePath = path.index(i).child('name');
    if (name === '') errors.push(required(namePath, ''));
    else if (name.length > MAX_SYSCTL_LENGTH || !sysctlName.test(name)) {
      const detail = `must have at most ${MAX_SYSCTL_LENGTH} characters and match regex ${SYSCTL_NAME}`;
      errors.push(invalid(namePath, name, detail));
    } else if (names.has(name)) errors.push(duplicate(namePath, name));
    if (!options.allowNamespacedSysctlsForHostNetAndHostIPC) {
      const message = hostSysctlError(name, spec);
      if (message !== undefined) errors.push(invalid(namePath, name, message));
    }
    names.add(name);
  });
}

/** Why a sysctl of a namespace cannot be set when the pod shares that namespace with its host. */
export function hostSysctlError(sysctl: string, spec: PodSpec): string | undefined {
  if (!spec.hostNetwork && !spec.hostIPC) return undefined;
  const name = normalizedSysctl(sysctl).split('*', 1)[0] ?? '';
  if (name.startsWith('net.')) return spec.hostNetwork ? SYSCTL_ON_HOST_NETWORK : undefined;
  const isIpc = ipcSysctls.has(name) || name.startsWith('fs.mqueue.');
  return isIpc && spec.hostIPC ? SYSCTL_ON_HOST_IPC : undefined;
}

/** net/ipv4/conf/eno2.100/rp_filter and net.ipv4.conf.eno2/100.rp_filter are the same. */
function normalizedSysctl(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== '/') return name;
  return name.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}

function validateSeccompProfileField(
  profile: SeccompProfile | undefined,
  contextPath: FieldPath,
  errors: FieldError[],
): void {
  if (!profile) return;
  const path = contextPath.child('seccompProfile');
  const { type, localhostProfile } = profile;
  if (!type) errors.push(required(path.child('type'), SECCOMP_TYPE_REQUIRED));
  else if (!profileTypes.includes(type)) errors.push(notSupported(path.child('type'), namedString(type), profileTypes));
  const profilePath = path.child('localhostProfile');
  if (type !== 'Localhost') {
    if (localhostProfile === undefined) return;
    errors.push(invalid(profilePath, structValue('SeccompProfile', profile), SECCOMP_LOCALHOST_ONLY));
  } else if (localhostProfile === undefined) errors.push(required(profilePath, SECCOMP_LOCALHOST_REQUIRED));
  else validateLocalDescendingPath(localhostProfile, profilePath, errors);
}

export function validateAppArmorProfileField(
  profile: AppArmorProfile | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!profile) return;
  const { type, localhostProfile } = profile;
  const profilePath = path.child('localhostProfile');
  switch (type) {
    case 'Localhost':
      if (localhostProfile === undefined) {
        errors.push(required(profilePath, APP_ARMOR_LOCALHOST_REQUIRED));
        return;
      }
      if (hasOuterSpace(localhostProfile)) errors.push(invalid(profilePath, localhostProfile, APP_ARMOR_PADDED));
      else if (localhostProfile === '') errors.push(required(profilePath, APP_ARMOR_LOCALHOST_REQUIRED));
      if (byteLength(localhostProfile) > MAX_LOCALHOST_PROFILE_LENGTH) {
        errors.push(tooLong(profilePath, MAX_LOCALHOST_PROFILE_LENGTH));
      }
      return;
    case 'RuntimeDefault':
    case 'Unconfined':
      if (localhostProfile === undefined) return;
      errors.push(invalid(profilePath, namedString(localhostProfile), APP_ARMOR_LOCALHOST_ONLY));
      return;
    case '':
      errors.push(required(path.child('type'), APP_ARMOR_TYPE_REQUIRED));
      return;
    default:
      errors.push(notSupported(path.child('type'), namedString(type), profileTypes));
  }
}
