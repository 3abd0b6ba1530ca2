// What a description says of a volume's source.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeVolumes, print*VolumeSource), Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import type {
  PersistentVolumeClaimSpec,
  PersistentVolumeSpec,
  Volume,
} from '../../../schema/generated/types/core-v1.ts';
import { storageClassOf } from '../get/storage.ts';
import { goText } from '../go-value.ts';
import { SIMPLE_SOURCES } from './volume-sources.ts';
import { type DescriptionWriter, shorten } from './writer.ts';

type Fields = readonly (readonly [string, string])[];

interface SourceText {
  readonly type: string;
  readonly fields: Fields;
}

const MAX_ATTRIBUTE = 140;

export function writeVolumes(w: DescriptionWriter, volumes: readonly Volume[] | undefined, space: string): void {
  if (!volumes || volumes.length === 0) {
    w.line(0, `${space}Volumes:`, '<none>');
    return;
  }
  w.write(0, `${space}Volumes:\n`);
  for (const volume of volumes) {
    w.write(1, `${space === '' ? '' : ' '}${volume.name}:\n`);
    writePodVolume(w, volume);
  }
}

function writePodVolume(w: DescriptionWriter, volume: Volume): void {
  if (volume.projected) {
    writeProjected(w, volume.projected);
    return;
  }
  if (volume.downwardAPI) {
    w.write(2, 'Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:\n');
    for (const { fieldRef, resourceFieldRef, path } of volume.downwardAPI.items ?? []) {
      if (fieldRef) w.write(3, `${fieldRef.fieldPath} -> ${path}\n`);
      if (resourceFieldRef) w.write(3, `${resourceFieldRef.resource} -> ${path}\n`);
    }
    return;
  }
  if (volume.ephemeral) {
    w.line(
      2,
      'Type:',
      'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
    );
    const template = volume.ephemeral.volumeClaimTemplate;
    if (template) writeClaimTemplate(w, template.metadata, template.spec);
    return;
  }
  if (volume.csi) {
    writeSource(w, {
      type: 'CSI (a Container Storage Interface (CSI) volume source)',
      fields: [
        ['Driver', volume.csi.driver],
        ['FSType', volume.csi.fsType ?? ''],
        ['ReadOnly', String(volume.csi.readOnly ?? false)],
      ],
    });
    writeAttributes(w, volume.csi.volumeAttributes);
    return;
  }
  const source = sourceOf(volume as unknown as Readonly<Record<string, unknown>>);
  if (source) writeSource(w, source);
  else w.write(1, '<unknown>\n');
}

function writeProjected(w: DescriptionWriter, { sources }: NonNullable<Volume['projected']>): void {
  w.line(2, 'Type:', 'Projected (a volume that contains injected data from multiple sources)');
  for (const { secret, downwardAPI, configMap, serviceAccountToken } of sources ?? []) {
    if (secret) {
      w.line(2, 'SecretName:', secret.name ?? '');
      w.line(2, 'Optional:', secret.optional ?? false);
    } else if (downwardAPI) w.line(2, 'DownwardAPI:', 'true');
    else if (configMap) {
      w.line(2, 'ConfigMapName:', configMap.name ?? '');
      w.line(2, 'Optional:', configMap.optional ?? false);
    } else if (serviceAccountToken) {
      w.line(2, 'TokenExpirationSeconds:', serviceAccountToken.expirationSeconds ?? 0);
    }
  }
}

export function writePersistentVolumeSource(w: DescriptionWriter, spec: PersistentVolumeSpec): void {
  if (spec.csi) {
    writeSource(w, {
      type: 'CSI (a Container Storage Interface (CSI) volume source)',
      fields: [
        ['Driver', spec.csi.driver],
        ['FSType', spec.csi.fsType ?? ''],
        ['VolumeHandle', spec.csi.volumeHandle],
        ['ReadOnly', String(spec.csi.readOnly ?? false)],
      ],
    });
    writeAttributes(w, spec.csi.volumeAttributes);
    return;
  }
  if (spec.azureFile) {
    writeSource(w, {
      type: 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)',
      fields: [
        ['SecretName', spec.azureFile.secretName],
        ['SecretNamespace', spec.azureFile.secretNamespace ?? ''],
        ['ShareName', spec.azureFile.shareName],
        ['ReadOnly', String(spec.azureFile.readOnly ?? false)],
      ],
    });
    return;
  }
  if (spec.glusterfs) {
    writeSource(w, {
      type: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
      fields: [
        ['EndpointsName', spec.glusterfs.endpoints],
        ['EndpointsNamespace', spec.glusterfs.endpointsNamespace ?? '<unset>'],
        ['Path', spec.glusterfs.path],
        ['ReadOnly', String(spec.glusterfs.readOnly ?? false)],
      ],
    });
    return;
  }
  const source = sourceOf(spec as unknown as Readonly<Record<string, unknown>>);
  if (source) writeSource(w, source);
  else w.write(1, '<unknown>\n');
}

/** The source among the fields of a volume; sources are plain objects by now, so they are read by name. */
function sourceOf(volume: Readonly<Record<string, unknown>>): SourceText | undefined {
  const { hostPath, emptyDir, iscsi, fc } = volume as unknown as Volume;
  if (hostPath) {
    return {
      type: 'HostPath (bare host directory volume)',
      fields: [
        ['Path', hostPath.path],
        ['HostPathType', hostPath.type ?? '<none>'],
      ],
    };
  }
  if (emptyDir) {
    const limit = emptyDir.sizeLimit === undefined ? undefined : parseQuantity(emptyDir.sizeLimit);
    return {
      type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
      fields: [
        ['Medium', emptyDir.medium ?? ''],
        ['SizeLimit', limit && limit.sign() > 0 ? limit.toString() : '<unset>'],
      ],
    };
  }
  if (iscsi) {
    return {
      type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
      fields: [
        ['TargetPortal', iscsi.targetPortal],
        ['IQN', iscsi.iqn],
        ['Lun', String(iscsi.lun)],
        // Upstream forgot the colon.
        ['ISCSIInterface\v', iscsi.iscsiInterface ?? ''],
        ['FSType', iscsi.fsType ?? ''],
        ['ReadOnly', String(iscsi.readOnly ?? false)],
        ['Portals', goText(iscsi.portals ?? [])],
        ['DiscoveryCHAPAuth', String(iscsi.chapAuthDiscovery ?? false)],
        ['SessionCHAPAuth', String(iscsi.chapAuthSession ?? false)],
        ['SecretRef', referenceText(iscsi.secretRef)],
        ['InitiatorName', iscsi.initiatorName ?? '<none>'],
      ],
    };
  }
  if (fc) {
    return {
      type: 'FC (a Fibre Channel disk)',
      fields: [
        ['TargetWWNs', (fc.targetWWNs ?? []).join(', ')],
        ['LUN', fc.lun !== undefined ? String(fc.lun) : '<none>'],
        ['FSType', fc.fsType ?? ''],
        ['ReadOnly', String(fc.readOnly ?? false)],
      ],
    };
  }
  const name = Object.keys(SIMPLE_SOURCES).find((key) => volume[key] !== undefined);
  if (name === undefined) return undefined;
  const [type, ...specs] = SIMPLE_SOURCES[name]!;
  const values = volume[name] as Readonly<Record<string, unknown>>;
  return { type, fields: specs.map((spec) => fieldText(spec, values)) };
}

function fieldText(spec: string, values: Readonly<Record<string, unknown>>): readonly [string, string] {
  const colon = spec.lastIndexOf(':');
  const label = spec.slice(0, colon);
  const [, mark = '', field = ''] = /^([!#&*%]?)(.*)$/.exec(spec.slice(colon + 1))!;
  const value = values[field];
  switch (mark) {
    case '!':
      return [label, String(value ?? false)];
    case '#':
      return [label, String(value ?? 0)];
    case '&':
      return [label, referenceText(value as { readonly name?: string; readonly namespace?: string } | undefined)];
    case '*':
      return [label, goText(value ?? [])];
    case '%':
      return [label, goText(value ?? {})];
    default:
      return [label, value === undefined ? '' : String(value)];
  }
}

function referenceText(reference: { readonly name?: string; readonly namespace?: string } | undefined): string {
  if (!reference) return 'nil';
  const namespace = reference.namespace !== undefined ? `,Namespace:${reference.namespace}` : '';
  return `&SecretReference{Name:${reference.name ?? ''}${namespace},}`;
}

function writeSource(w: DescriptionWriter, { type, fields }: SourceText): void {
  w.line(2, 'Type:', type);
  for (const [label, value] of fields) {
    w.line(2, label.endsWith('\v') ? label.slice(0, -1) : label.endsWith(': ') ? label : `${label}:`, value);
  }
}

function writeAttributes(w: DescriptionWriter, attributes: Readonly<Record<string, string>> | undefined): void {
  const keys = Object.keys(attributes ?? {}).sort(compareBytes);
  w.write(2, 'VolumeAttributes:\t');
  if (keys.length === 0) {
    w.write(0, '<none>\n');
    return;
  }
  keys.forEach((key, i) => {
    // Continued lines are indented twice over: once for nothing, once for the tab.
    if (i > 0) {
      w.write(2, '');
      w.write(2, '\t');
    }
    w.write(2, `${shorten(`${key}=${attributes![key]}`, MAX_ATTRIBUTE)}\n`);
  });
}

function writeClaimTemplate(
  w: DescriptionWriter,
  metadata:
    | { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> }
    | undefined,
  spec: PersistentVolumeClaimSpec,
): void {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata ?? {},
    spec,
    status: {},
  } as const;
  w.nested(2, () => {
    w.line(0, 'StorageClass:', storageClassOf(claim));
    w.line(0, 'Volume:', spec.volumeName ?? '');
    w.labels('Labels', metadata?.labels);
    w.annotations('Annotations', metadata?.annotations);
    w.line(0, 'Capacity:', '');
    w.line(0, 'Access Modes:', '');
    writeModeAndSource(w, spec);
  });
}

/** Which kind of volume a claim asks for, and what it is filled from. */
export function writeModeAndSource(w: DescriptionWriter, { volumeMode, dataSource }: PersistentVolumeClaimSpec): void {
  if (volumeMode !== undefined) w.line(0, 'VolumeMode:', volumeMode);
  if (!dataSource) return;
  w.write(0, 'DataSource:\n');
  if (dataSource.apiGroup !== undefined) w.line(1, 'APIGroup:', dataSource.apiGroup);
  w.line(1, 'Kind:', dataSource.kind);
  w.line(1, 'Name:', dataSource.name);
}
