// Describes a pod.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describePod), Kubernetes v1.36.3.
import { CONFIG_MIRROR } from '../../../apimachinery/well-known/annotations.ts';
import type { Container, Pod } from '../../../schema/generated/types/core-v1.ts';
import { since } from '../get/printer.ts';
import { writeContainers, writeResources } from './containers.ts';
import { controllerOf, describer, findEvents, longTime, writeEvents, writeHead, writeMeta } from './describer.ts';
import { writeSpreadConstraints, writeTolerations } from './pod-template.ts';
import { writeVolumes } from './volumes.ts';
import type { DescriptionWriter } from './writer.ts';

export const describePod = describer<Pod>((w, pod, around) => {
  const { spec, status, metadata } = pod;
  writeHead(w, pod);
  if (spec.priority !== undefined) w.line(0, 'Priority:', spec.priority);
  if (spec.priorityClassName) w.line(0, 'Priority Class Name:', spec.priorityClassName);
  if (spec.runtimeClassName) w.line(0, 'Runtime Class Name:', spec.runtimeClassName);
  if (spec.serviceAccountName) w.line(0, 'Service Account:', spec.serviceAccountName);
  w.line(0, 'Node:', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>');
  if (status.startTime) w.line(0, 'Start Time:', longTime(status.startTime));
  writeMeta(w, pod);
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    w.line(0, 'Status:', `Terminating (lasts ${since(metadata.deletionTimestamp, around.now)})`);
    w.line(0, 'Termination Grace Period:', `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else w.line(0, 'Status:', status.phase ?? '');
  if (status.reason) w.line(0, 'Reason:', status.reason);
  if (status.message) w.line(0, 'Message:', status.message);
  const seccomp = spec.securityContext?.seccompProfile;
  if (seccomp) {
    w.line(0, 'SeccompProfile:', seccomp.type);
    if (seccomp.type === 'Localhost') w.line(0, 'LocalhostProfile:', seccomp.localhostProfile ?? '');
  }
  writeAddresses(w, pod);
  const controller = controllerOf(pod);
  if (controller !== '') w.line(0, 'Controlled By:', controller);
  if (status.nominatedNodeName) w.line(0, 'NominatedNodeName:', status.nominatedNodeName);
  if (spec.resources) {
    w.write(0, 'Resources:\n');
    writeResources(w, spec.resources, 1);
  }
  writeAllContainers(w, pod);
  writeGatesAndConditions(w, pod);
  writeVolumes(w, spec.volumes, '');
  w.line(0, 'QoS Class:', status.qosClass ?? 'BestEffort');
  w.labels('Node-Selectors', spec.nodeSelector);
  writeTolerations(w, 'Tolerations', spec.tolerations);
  writeSpreadConstraints(w, spec.topologySpreadConstraints, '');
  const uid = metadata.annotations?.[CONFIG_MIRROR] ?? metadata.uid;
  const reference = { name: metadata.name ?? '', namespace: metadata.namespace ?? '' };
  writeEvents(w, findEvents({ ...reference, ...(uid ? { uid } : {}) }, around), around);
});

function writeAddresses(w: DescriptionWriter, { status }: Pod): void {
  w.line(0, 'IP:', status.podIP ?? '');
  const ips = status.podIPs ?? [];
  if (ips.length === 0) {
    w.line(0, 'IPs:', '<none>');
    return;
  }
  w.write(0, 'IPs:\n');
  for (const { ip } of ips) w.line(1, 'IP:', ip);
}

function writeAllContainers(w: DescriptionWriter, pod: Pod): void {
  const { spec, status } = pod;
  if (spec.initContainers?.length) {
    const statuses = status.initContainerStatuses;
    writeContainers(w, { label: 'Init Containers', containers: spec.initContainers, statuses, pod, space: '' });
  }
  const statuses = status.containerStatuses;
  writeContainers(w, { label: 'Containers', containers: spec.containers, statuses, pod, space: '' });
  if (spec.ephemeralContainers?.length) {
    const containers: readonly Container[] = spec.ephemeralContainers;
    const ofEphemeral = status.ephemeralContainerStatuses;
    writeContainers(w, { label: 'Ephemeral Containers', containers, statuses: ofEphemeral, pod, space: '' });
  }
}

function writeGatesAndConditions(w: DescriptionWriter, { spec, status }: Pod): void {
  const conditions = status.conditions ?? [];
  if (spec.readinessGates?.length) {
    w.write(0, 'Readiness Gates:\n  Type\tStatus\n');
    for (const { conditionType } of spec.readinessGates) {
      const met = conditions.find(({ type }) => type === conditionType)?.status ?? '<none>';
      w.line(1, `${conditionType} `, `${met} `);
    }
  }
  if (conditions.length === 0) return;
  w.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const { type, status: state } of conditions) w.line(1, `${type} `, `${state} `);
}
