// What only Windows pods may set, what they may not, and which settings their host processes need.
// Behaviour: pkg/apis/core/validation/validation.go (validateWindowsSecurityContextOptions, validateWindowsHostProcessPod, validateOS,
// validateLinux, validateWindows), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../apimachinery/field-path.ts';
import { byteLength } from '../../../../apimachinery/go/utf8.ts';
import { isDns1123Subdomain } from '../../../../apimachinery/validation/names.ts';
import type {
  PodSecurityContext,
  PodSpec,
  SecurityContext,
  WindowsSecurityContextOptions,
} from '../../../../schema/generated/types/core-v1.ts';
import { containerPath, visitContainers } from '../visit-containers.ts';

const NOT_FOR_LINUX = 'windows options cannot be set for a linux pod';
const NOT_FOR_WINDOWS = 'cannot be set for a windows pod';
const GMSA_EMPTY = 'gmsaCredentialSpec cannot be an empty string';
const GMSA_TOO_LARGE = 'gmsaCredentialSpec size must be under 64 KiB';
const USER_EMPTY = 'runAsUserName cannot be an empty string';
const USER_CONTROL_CHARACTERS = 'runAsUserName cannot contain control characters';
const USER_BACKSLASHES = 'runAsUserName cannot contain more than one backslash';
const DOMAIN_TOO_LONG = "runAsUserName's Domain length must be under 256 characters";
const DOMAIN_FORMAT = "runAsUserName's Domain doesn't match the NetBios nor the DNS format";
const USER_PART_EMPTY = "runAsUserName's User cannot be empty";
const USER_TOO_LONG = "runAsUserName's User length must not be longer than 104 characters";
const USER_DOTS = "runAsUserName's User cannot contain only periods or spaces";
const USER_CHARACTERS = `runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`;
const ALL_HOST_PROCESS =
  'If pod contains any hostProcess containers then all containers must be HostProcess containers';
const HOST_PROCESS_NETWORK = 'hostNetwork must be true if pod contains any hostProcess containers';

const MAX_GMSA_LENGTH = 64 * 1024;
const MAX_DOMAIN_LENGTH = 256;
const MAX_USER_LENGTH = 104;

const DNS_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const controlCharacters = /[\x00-\x1f\x7f]/;
const netBiosName = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/u;
const dnsName = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);
const badUserCharacters = /["/\\:;|=,+*?<>@[\]]/;
const onlyDotsOrSpaces = /^[. ]+$/;

const operatingSystems = ['linux', 'windows'];

export function validateWindowsOptions(
  options: WindowsSecurityContextOptions | undefined,
  contextPath: FieldPath,
  errors: FieldError[],
): void {
  if (!options) return;
  const path = contextPath.child('windowsOptions');
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  if (specName !== undefined) {
    for (const message of isDns1123Subdomain(specName)) {
      errors.push(invalid(path.child('gmsaCredentialSpecName'), namedString(specName), message));
    }
  }
  if (spec !== undefined) {
    const detail = spec === '' ? GMSA_EMPTY : byteLength(spec) > MAX_GMSA_LENGTH ? GMSA_TOO_LARGE : undefined;
    if (detail !== undefined) errors.push(invalid(path.child('gmsaCredentialSpec'), namedString(spec), detail));
  }
  if (user === undefined) return;
  for (const message of userNameErrors(user)) {
    errors.push(invalid(path.child('runAsUserName'), namedString(user), message));
  }
}

function userNameErrors(text: string): readonly string[] {
  if (text === '') return [USER_EMPTY];
  if (controlCharacters.test(text)) return [USER_CONTROL_CHARACTERS];
  const parts = text.split('\\');
  if (parts.length > 2) return [USER_BACKSLASHES];
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? parts[0] : undefined;
  const errors: string[] = [];
  if (domain !== undefined) {
    if (byteLength(domain) >= MAX_DOMAIN_LENGTH) errors.push(DOMAIN_TOO_LONG);
    if (!netBiosName.test(domain) && !dnsName.test(domain)) errors.push(DOMAIN_FORMAT);
  }
  if (user === '') errors.push(USER_PART_EMPTY);
  else if (byteLength(user) > MAX_USER_LENGTH) errors.push(USER_TOO_LONG);
  if (onlyDotsOrSpaces.test(user)) errors.push(USER_DOTS);
  if (badUserCharacters.test(user)) errors.push(USER_CHARACTERS);
  return errors;
}

export function validateHostProcess(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const podValue = spec.securityContext?.windowsOptions?.hostProcess;
  let containers = 0;
  let hostProcesses = 0;
  visitContainers(spec, ({ securityContext }, list, i) => {
    containers++;
    const own = securityContext?.windowsOptions?.hostProcess;
    if (podValue !== undefined && own !== undefined && podValue !== own) {
      const ownPath = containerPath(path, list, i).child('securityContext', 'windowsOptions', 'hostProcess');
      const detail = `pod hostProcess value must be identical if both are specified, was ${podValue}`;
      errors.push(invalid(ownPath, own, detail));
    }
    if (own ?? podValue) hostProcesses++;
  });
  if (hostProcesses === 0) return;
  if (hostProcesses !== containers) errors.push(invalid(path, '', ALL_HOST_PROCESS));
  if (!spec.hostNetwork) errors.push(invalid(path.child('hostNetwork'), false, HOST_PROCESS_NETWORK));
}

/** The name of the operating system, and the fields that the other one would need. */
export function validateOs(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  if (!spec.os) return;
  const { name } = spec.os;
  if (!name) errors.push(required(path.child('os', 'name'), ''));
  else if (name === 'linux') validateLinux(spec, path, errors);
  else if (name === 'windows') validateWindows(spec, path, errors);
  else errors.push(notSupported(path.child('os'), namedString(name), operatingSystems));
}

function validateLinux(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const check = (context: SecurityContext | PodSecurityContext | undefined, ownerPath: () => FieldPath) => {
    if (!context?.windowsOptions) return;
    errors.push(forbidden(ownerPath().child('securityContext', 'windowsOptions'), NOT_FOR_LINUX));
  };
  check(spec.securityContext, () => path);
  visitContainers(spec, ({ securityContext }, list, i) => {
    check(securityContext, () => containerPath(path, list, i));
  });
}

/** In the order in which upstream asks; the host settings stand in the pod's spec itself. */
const POD_FIELDS = [
  'appArmorProfile',
  'seLinuxOptions',
  'hostUsers',
  'hostPID',
  'hostIPC',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'shareProcessNamespace',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
] as const;

const CONTAINER_FIELDS = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const satisfies readonly (keyof SecurityContext)[];

function validateWindows(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const context = spec.securityContext ?? {};
  for (const field of POD_FIELDS) {
    switch (field) {
      case 'hostPID':
      case 'hostIPC':
        if (spec[field]) errors.push(forbidden(path.child(field), NOT_FOR_WINDOWS));
        break;
      case 'hostUsers':
      case 'shareProcessNamespace':
        if (spec[field] !== undefined) errors.push(forbidden(path.child(field), NOT_FOR_WINDOWS));
        break;
      default:
        if (context[field] !== undefined) {
          errors.push(forbidden(path.child('securityContext', field), NOT_FOR_WINDOWS));
        }
    }
  }
  visitContainers(spec, ({ securityContext }, list, i) => {
    if (!securityContext) return;
    for (const field of CONTAINER_FIELDS) {
      if (securityContext[field] === undefined) continue;
      errors.push(forbidden(containerPath(path, list, i).child('securityContext', field), NOT_FOR_WINDOWS));
    }
  });
}
