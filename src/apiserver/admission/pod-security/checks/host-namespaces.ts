// A pod does not share the node's network, process and IPC namespaces.
// Behaviour: [pod-security-admission]/policy/check_hostNamespaces.go, Kubernetes v1.36.3.
import type { Check, CheckPod } from '../check.ts';

const check: CheckPod = ({ hostNetwork, hostPID, hostIPC }) => {
  const shared: string[] = [];
  if (hostNetwork) shared.push('hostNetwork=true');
  if (hostPID) shared.push('hostPID=true');
  if (hostIPC) shared.push('hostIPC=true');
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.join(', ') };
};

export const hostNamespaces: Check = { id: 'hostNamespaces', level: 'baseline', versions: [{ since: 0, check }] };
