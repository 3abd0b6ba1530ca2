// Describes volumes, claims, storage classes and what CSI drivers publish of nodes.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import type {
  NodeSelectorRequirement,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from '../../../schema/generated/types/core-v1.ts';
import type { CSINode, StorageClass, VolumeAttributesClass } from '../../../schema/generated/types/storage-v1.ts';
import { formatLabels } from '../../../selectors/label-selector.ts';
import { since } from '../get/printer.ts';
import { accessModesText, isDefaultStorageClass, storageClassOf } from '../get/storage.ts';
import { goText } from '../go-value.ts';
import {
  boolWord,
  describer,
  eventsOf,
  longTime,
  type Surroundings,
  writeEvents,
  writeHead,
  writeMeta,
} from './describer.ts';
import { writeModeAndSource, writePersistentVolumeSource } from './volumes.ts';
import type { DescriptionWriter } from './writer.ts';

const NONE = '<none>';

export const describePersistentVolume = describer<PersistentVolume>((w, object, around) => {
  const { spec, status, metadata } = object;
  w.line(0, 'Name:', metadata.name ?? '');
  writeMeta(w, object);
  w.line(0, 'Finalizers:', goText(metadata.finalizers ?? []));
  w.line(0, 'StorageClass:', storageClassOf(object));
  w.line(0, 'Status:', phaseText(object, around));
  w.line(0, 'Claim:', spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '');
  w.line(0, 'Reclaim Policy:', spec.persistentVolumeReclaimPolicy ?? '');
  w.line(0, 'Access Modes:', accessModesText(spec.accessModes));
  if (spec.volumeMode !== undefined) w.line(0, 'VolumeMode:', spec.volumeMode);
  w.line(0, 'Capacity:', spec.capacity?.['storage'] ?? '0');
  const required = spec.nodeAffinity?.required;
  if (!required) w.line(0, 'Node Affinity:', NONE);
  else {
    w.line(0, 'Node Affinity:', '');
    const terms = required.nodeSelectorTerms ?? [];
    w.line(1, 'Required Terms:', terms.length === 0 ? NONE : '');
    for (const [i, { matchExpressions }] of terms.entries()) {
      writeTerm(w, 2, `Term ${i}`, (matchExpressions ?? []).map(requirementText));
    }
  }
  w.line(0, 'Message:', status.message ?? '');
  w.write(0, 'Source:\n');
  writePersistentVolumeSource(w, spec);
  writeEvents(w, eventsOf(object, around), around);
});

function phaseText(object: PersistentVolume | PersistentVolumeClaim, { now }: Surroundings): string {
  const { deletionTimestamp } = object.metadata;
  return deletionTimestamp ? `Terminating (lasts ${since(deletionTimestamp, now)})` : (object.status.phase ?? '');
}

function requirementText({ key, operator, values }: NodeSelectorRequirement): string {
  const text = `${key} ${operator.toLowerCase()}`;
  return values?.length ? `${text} [${values.join(', ')}]` : text;
}

function writeTerm(w: DescriptionWriter, level: number, title: string, lines: readonly string[]): void {
  w.write(level, `${title}:\t`);
  if (lines.length === 0) {
    w.write(0, `${NONE}\n`);
    return;
  }
  lines.forEach((line, i) => {
    if (i > 0) w.write(level, '\t');
    w.write(0, `${line}\n`);
  });
}

export const describePersistentVolumeClaim = describer<PersistentVolumeClaim>((w, object, around) => {
  const { spec, status, metadata } = object;
  writeHead(w, object);
  w.line(0, 'StorageClass:', storageClassOf(object));
  w.line(0, 'Status:', phaseText(object, around));
  w.line(0, 'Volume:', spec.volumeName ?? '');
  writeMeta(w, object);
  w.line(0, 'Finalizers:', goText(metadata.finalizers ?? []));
  const isBound = Boolean(spec.volumeName);
  w.line(0, 'Capacity:', isBound ? (status.capacity?.['storage'] ?? '0') : '');
  w.line(0, 'Access Modes:', isBound ? accessModesText(status.accessModes) : '');
  writeModeAndSource(w, spec);
  w.list('Used By', podsUsing(object, around));
  const conditions = status.conditions ?? [];
  if (conditions.length > 0) {
    w.write(0, 'Conditions:\n');
    w.line(1, 'Type', 'Status', 'LastProbeTime', 'LastTransitionTime', 'Reason', 'Message');
    w.line(1, '----', '------', '-----------------', '------------------', '------', '-------');
    for (const c of conditions) {
      const times = [longTime(c.lastProbeTime), longTime(c.lastTransitionTime)].map((time) => `${time} `);
      w.line(1, `${c.type} `, `${c.status} `, ...times, `${c.reason ?? ''} `, c.message ?? '');
    }
  }
  writeEvents(w, eventsOf(object, around), around);
});

function podsUsing({ metadata }: PersistentVolumeClaim, around: Surroundings): readonly string[] {
  const owners = new Set((metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'Pod').map(({ uid }) => uid));
  return around
    .list<Pod>('Pod', metadata.namespace)
    .filter(
      (pod) =>
        pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === metadata.name) ||
        owners.has(pod.metadata.uid ?? ''),
    )
    .map((pod) => pod.metadata.name ?? '')
    .sort(compareBytes);
}

export const describeStorageClass = describer<StorageClass>((w, object, around) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  w.line(0, 'IsDefaultClass:', isDefaultStorageClass(object) ? 'Yes' : 'No');
  w.line(0, 'Annotations:', formatLabels(object.metadata.annotations));
  w.line(0, 'Provisioner:', object.provisioner);
  w.line(0, 'Parameters:', formatLabels(object.parameters));
  w.line(0, 'AllowVolumeExpansion:', boolWord(object.allowVolumeExpansion));
  const options = object.mountOptions ?? [];
  if (options.length === 0) w.line(0, 'MountOptions:', NONE);
  else {
    w.write(0, 'MountOptions:\n');
    for (const option of options) w.write(1, `${option}\n`);
  }
  if (object.reclaimPolicy !== undefined) w.line(0, 'ReclaimPolicy:', object.reclaimPolicy);
  if (object.volumeBindingMode !== undefined) w.line(0, 'VolumeBindingMode:', object.volumeBindingMode);
  const topologies = object.allowedTopologies;
  if (topologies) {
    w.line(0, 'AllowedTopologies:', topologies.length === 0 ? NONE : '');
    topologies.forEach(({ matchLabelExpressions }, i) => {
      const lines = (matchLabelExpressions ?? []).map(({ key, values }) =>
        values?.length ? `${key} in [${values.join(', ')}]` : `${key} in`,
      );
      writeTerm(w, 1, `Term ${i}`, lines);
    });
  }
  writeEvents(w, eventsOf(object, around), around);
});

export const describeVolumeAttributesClass = describer<VolumeAttributesClass>((w, object, around) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  w.line(0, 'Annotations:', formatLabels(object.metadata.annotations));
  w.line(0, 'DriverName:', object.driverName);
  w.line(0, 'Parameters:', formatLabels(object.parameters));
  writeEvents(w, eventsOf(object, around), around);
});

export const describeCsiNode = describer<CSINode>((w, object, around) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  writeMeta(w, object);
  w.line(0, 'CreationTimestamp:', longTime(object.metadata.creationTimestamp));
  w.write(0, 'Spec:\n');
  if (object.spec.drivers) {
    w.write(1, 'Drivers:\n');
    for (const { name, nodeID, allocatable, topologyKeys } of object.spec.drivers) {
      w.write(2, `${name}:\n`);
      w.line(3, 'Node ID:', nodeID);
      if (allocatable?.count !== undefined) {
        w.write(3, 'Allocatables:\n');
        w.line(4, 'Count:', allocatable.count);
      }
      if (topologyKeys) w.line(3, 'Topology Keys:', goText(topologyKeys));
    }
  }
  writeEvents(w, eventsOf(object, around), around);
});
