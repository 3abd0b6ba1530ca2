// Only sysctls that stay within the pod may be set.
// Behaviour: [pod-security-admission]/policy/check_sysctls.go, Kubernetes v1.36.3.
import type { Check, CheckPod } from '../check.ts';

const SINCE_0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const SINCE_27 = [...SINCE_0, 'net.ipv4.ip_local_reserved_ports'];
const SINCE_29 = [
  ...SINCE_27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SINCE_32 = [...SINCE_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

function onlySysctls(allowed: readonly string[]): CheckPod {
  return ({ securityContext }) => {
    const set = securityContext?.sysctls ?? [];
    const forbidden = set.map(({ name }) => name).filter((name) => !allowed.includes(name));
    return forbidden.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: forbidden.join(', ') };
  };
}

export const sysctls: Check = {
  id: 'sysctls',
  level: 'baseline',
  versions: [
    { since: 0, check: onlySysctls(SINCE_0) },
    { since: 27, check: onlySysctls(SINCE_27) },
    { since: 29, check: onlySysctls(SINCE_29) },
    { since: 32, check: onlySysctls(SINCE_32) },
  ],
};
