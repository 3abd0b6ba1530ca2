// Which checks a level has in a version, and what they say about a pod.
// Behaviour: [pod-security-admission]/policy/{registry,checks}.go, Kubernetes v1.36.3.
import type { ObjectMeta } from '../../../apimachinery/object.ts';
import type { PodSpec } from '../../../schema/generated/types/core-v1.ts';
import type { Check, CheckPod, Violation } from './check.ts';
import { allowPrivilegeEscalation } from './checks/allow-privilege-escalation.ts';
import { appArmorProfile } from './checks/app-armor-profile.ts';
import { capabilitiesBaseline, capabilitiesRestricted } from './checks/capabilities.ts';
import { hostNamespaces } from './checks/host-namespaces.ts';
import { hostPorts } from './checks/host-ports.ts';
import { hostProbesAndHostLifecycle } from './checks/host-probes-and-host-lifecycle.ts';
import { privileged } from './checks/privileged.ts';
import { procMountBaseline, procMountRestricted } from './checks/proc-mount.ts';
import { runAsNonRoot } from './checks/run-as-non-root.ts';
import { runAsUser } from './checks/run-as-user.ts';
import { seLinuxOptions } from './checks/se-linux-options.ts';
import { seccompProfileBaseline, seccompProfileRestricted } from './checks/seccomp-profile.ts';
import { sysctls } from './checks/sysctls.ts';
import { hostPathVolumes, restrictedVolumes } from './checks/volumes.ts';
import { windowsHostProcess } from './checks/windows-host-processes.ts';
import type { LevelVersion } from './policy.ts';

/** Baseline checks come first, each level in order of id: so the verdicts are listed. */
const CHECKS: readonly Check[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMountBaseline,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  procMountRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];

/** Newer versions are the same as this one. */
const NEWEST = Math.max(...CHECKS.flatMap(({ versions }) => versions.map(({ since }) => since)));

const known = new Map<string, readonly CheckPod[]>();

/** What the pod breaks; `newest` is the minor version of Kubernetes in force, which knows no later rules. */
export function violations(
  { level, version }: LevelVersion,
  spec: PodSpec,
  metadata: ObjectMeta,
  newest: number,
): readonly Violation[] {
  if (level === 'privileged') return [];
  const effective = Math.min(NEWEST, newest, version === 'latest' ? NEWEST : version);
  const key = `${level}:${effective}`;
  let checks = known.get(key);
  if (!checks) known.set(key, (checks = checksOf(level, effective)));
  const found: Violation[] = [];
  for (const check of checks) {
    const violation = check(spec, metadata);
    if (violation) found.push(violation);
  }
  return found;
}

function checksOf(level: Check['level'], version: number): readonly CheckPod[] {
  const isRun = (check: Check): boolean =>
    (check.versions[0]?.since ?? 0) <= version && (check.level === 'baseline' || level === 'restricted');
  const running = CHECKS.filter(isRun);
  const overridden = new Set(running.flatMap(({ overrides = [] }) => overrides));
  return running
    .filter(({ id }) => !overridden.has(id))
    .flatMap(({ versions }) => versions.filter(({ since }) => since <= version).at(-1)?.check ?? []);
}

/** `host namespaces (hostPID=true), privileged (…)` */
export function detailsText(found: readonly Violation[]): string {
  return found.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');
}

export function reasonsText(found: readonly Violation[]): string {
  return found.map(({ reason }) => reason).join(', ');
}
