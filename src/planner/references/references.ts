// Which other objects an object names, with the field that names them: one function a kind, found by kind.
// Role: what kube-apiserver does not check and kubelets, controllers and ingresses stumble over later.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Deployment, StatefulSet } from '../../schema/generated/types/apps-v1.ts';
import type { HorizontalPodAutoscaler } from '../../schema/generated/types/autoscaling-v2.ts';
import type { CronJob } from '../../schema/generated/types/batch-v1.ts';
import type {
  EnvFromSource,
  EnvVar,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  Pod,
  PodResourceClaim,
  PodSpec,
  Volume,
} from '../../schema/generated/types/core-v1.ts';
import type { Ingress, IngressBackend } from '../../schema/generated/types/networking-v1.ts';
import type { RoleBinding } from '../../schema/generated/types/rbac-v1.ts';
import type {
  ResourceClaim,
  ResourceClaimSpec,
  ResourceClaimTemplate,
} from '../../schema/generated/types/resource-v1.ts';
import type { PodGroup, Workload } from '../../schema/generated/types/scheduling-v1alpha2.ts';

export interface Reference {
  readonly field: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for what has no namespace. */
  readonly namespace?: string;
  readonly name: string;
}

type Find = (object: KubeObject) => Reference[];

const BY_KIND: Readonly<Record<string, Find>> = {
  Pod: (object) => podReferences((object as Pod).spec, 'spec', object),
  Deployment: templateReferences,
  ReplicaSet: templateReferences,
  ReplicationController: templateReferences,
  DaemonSet: templateReferences,
  Job: templateReferences,
  StatefulSet: (object) => [
    ...templateReferences(object),
    ...serviceOf(object as StatefulSet),
    ...((object as StatefulSet).spec.volumeClaimTemplates ?? []).flatMap(({ spec }, index) =>
      claimedStorage(spec, `spec.volumeClaimTemplates[${index}].spec`),
    ),
  ],
  CronJob: (object) => {
    const { spec } = (object as CronJob).spec.jobTemplate.spec?.template ?? {};
    return spec ? podReferences(spec, 'spec.jobTemplate.spec.template.spec', object) : [];
  },
  HorizontalPodAutoscaler: (object) => {
    const { scaleTargetRef } = (object as HorizontalPodAutoscaler).spec;
    return [
      {
        field: 'spec.scaleTargetRef',
        apiVersion: scaleTargetRef.apiVersion ?? 'v1',
        kind: scaleTargetRef.kind,
        ...place(object),
        name: scaleTargetRef.name,
      },
    ];
  },
  PersistentVolumeClaim: (object) => claimedStorage((object as PersistentVolumeClaim).spec, 'spec'),
  ResourceClaim: (object) => requestedClasses((object as ResourceClaim).spec, 'spec'),
  ResourceClaimTemplate: (object) => requestedClasses((object as ResourceClaimTemplate).spec.spec, 'spec.spec'),
  PodGroup: (object) => claimReferences((object as PodGroup).spec.resourceClaims, 'spec', object),
  Workload: (object) =>
    ((object as Workload).spec.podGroupTemplates ?? []).flatMap(({ resourceClaims }, index) =>
      claimReferences(resourceClaims, `spec.podGroupTemplates[${index}]`, object),
    ),
  Ingress: ingressReferences,
  RoleBinding: bindingReferences,
  ClusterRoleBinding: bindingReferences,
};

export function referencesOf(object: KubeObject): Reference[] {
  return isTied(object) ? (BY_KIND[object.kind]?.(object) ?? []) : [];
}

/** Groups of the kinds that have to do with others; other groups have kinds of the same names. */
const GROUPS: Readonly<Record<string, string>> = {
  Pod: '',
  Service: '',
  ReplicationController: '',
  Deployment: 'apps',
  ReplicaSet: 'apps',
  DaemonSet: 'apps',
  StatefulSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
  HorizontalPodAutoscaler: 'autoscaling',
  PersistentVolumeClaim: '',
  ResourceClaim: 'resource.k8s.io',
  ResourceClaimTemplate: 'resource.k8s.io',
  PodGroup: 'scheduling.k8s.io',
  Workload: 'scheduling.k8s.io',
  Ingress: 'networking.k8s.io',
  RoleBinding: 'rbac.authorization.k8s.io',
  ClusterRoleBinding: 'rbac.authorization.k8s.io',
};

/** Whether the object names others, selects pods or makes some. */
export function isTied({ apiVersion, kind }: KubeObject): boolean {
  const group = GROUPS[kind];
  return group !== undefined && apiVersion.startsWith(group === '' ? 'v' : `${group}/`);
}

function place({ metadata: { namespace } }: KubeObject): { readonly namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

function templateReferences(object: KubeObject): Reference[] {
  const { spec } = (object as Deployment).spec?.template ?? {};
  return spec ? podReferences(spec, 'spec.template.spec', object) : [];
}

function serviceOf(set: StatefulSet): Reference[] {
  const { serviceName } = set.spec;
  return serviceName
    ? [{ field: 'spec.serviceName', apiVersion: 'v1', kind: 'Service', ...place(set), name: serviceName }]
    : [];
}

function podReferences(spec: PodSpec, path: string, owner: KubeObject): Reference[] {
  const core = (kind: string, field: string, name: string | undefined): Reference[] =>
    name ? [{ field, apiVersion: 'v1', kind, ...place(owner), name }] : [];
  const containers = [
    ...(spec.initContainers ?? []).map((container, index) => [container, `${path}.initContainers[${index}]`] as const),
    ...(spec.containers ?? []).map((container, index) => [container, `${path}.containers[${index}]`] as const),
  ];
  return [
    ...core(
      'ServiceAccount',
      `${path}.serviceAccountName`,
      spec.serviceAccountName === 'default' ? undefined : spec.serviceAccountName,
    ),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }, index) =>
      core('Secret', `${path}.imagePullSecrets[${index}].name`, name),
    ),
    ...(spec.volumes ?? []).flatMap((volume, index) => volumeReferences(volume, `${path}.volumes[${index}]`, core)),
    ...containers.flatMap(([{ env, envFrom }, at]) => [
      ...(env ?? []).flatMap((variable, index) => envReferences(variable, `${at}.env[${index}].valueFrom`, core)),
      ...(envFrom ?? []).flatMap((source, index) => envFromReferences(source, `${at}.envFrom[${index}]`, core)),
    ]),
    ...claimReferences(spec.resourceClaims, path, owner),
    ...(spec.priorityClassName
      ? [
          {
            field: `${path}.priorityClassName`,
            apiVersion: 'scheduling.k8s.io/v1',
            kind: 'PriorityClass',
            name: spec.priorityClassName,
          },
        ]
      : []),
    ...(spec.runtimeClassName
      ? [
          {
            field: `${path}.runtimeClassName`,
            apiVersion: 'node.k8s.io/v1',
            kind: 'RuntimeClass',
            name: spec.runtimeClassName,
          },
        ]
      : []),
  ];
}

function claimedStorage({ storageClassName, volumeName }: PersistentVolumeClaimSpec, path: string): Reference[] {
  return [
    ...(storageClassName
      ? [
          {
            field: `${path}.storageClassName`,
            apiVersion: 'storage.k8s.io/v1',
            kind: 'StorageClass',
            name: storageClassName,
          },
        ]
      : []),
    ...(volumeName
      ? [{ field: `${path}.volumeName`, apiVersion: 'v1', kind: 'PersistentVolume', name: volumeName }]
      : []),
  ];
}

function requestedClasses({ devices }: ResourceClaimSpec, path: string): Reference[] {
  return (devices.requests ?? []).flatMap(({ exactly, firstAvailable = [] }, index) => {
    const at = `${path}.devices.requests[${index}]`;
    const asked = [
      ...(exactly ? [[`${at}.exactly`, exactly.deviceClassName] as const] : []),
      ...firstAvailable.map((sub, i) => [`${at}.firstAvailable[${i}]`, sub.deviceClassName] as const),
    ];
    return asked.map(([place, name]) => ({
      field: `${place}.deviceClassName`,
      apiVersion: 'resource.k8s.io/v1',
      kind: 'DeviceClass',
      name,
    }));
  });
}

/** ResourceClaims, and templates of them, of a pod, a pod group or a template of either. */
function claimReferences(
  entries: readonly PodResourceClaim[] | undefined,
  path: string,
  owner: KubeObject,
): Reference[] {
  return (entries ?? []).flatMap(({ resourceClaimName, resourceClaimTemplateName }, index) => {
    const reference = (kind: string, field: string, name: string | undefined): Reference[] =>
      name
        ? [
            {
              field: `${path}.resourceClaims[${index}].${field}`,
              apiVersion: 'resource.k8s.io/v1',
              kind,
              ...place(owner),
              name,
            },
          ]
        : [];
    return [
      ...reference('ResourceClaim', 'resourceClaimName', resourceClaimName),
      ...reference('ResourceClaimTemplate', 'resourceClaimTemplateName', resourceClaimTemplateName),
    ];
  });
}

type Core = (kind: string, field: string, name: string | undefined) => Reference[];

function volumeReferences(
  { secret, configMap, persistentVolumeClaim, projected }: Volume,
  at: string,
  core: Core,
): Reference[] {
  return [
    ...(secret && !secret.optional ? core('Secret', `${at}.secret.secretName`, secret.secretName) : []),
    ...(configMap && !configMap.optional ? core('ConfigMap', `${at}.configMap.name`, configMap.name) : []),
    ...core('PersistentVolumeClaim', `${at}.persistentVolumeClaim.claimName`, persistentVolumeClaim?.claimName),
    ...(projected?.sources ?? []).flatMap((source, index) => [
      ...(source.secret && !source.secret.optional
        ? core('Secret', `${at}.projected.sources[${index}].secret.name`, source.secret.name)
        : []),
      ...(source.configMap && !source.configMap.optional
        ? core('ConfigMap', `${at}.projected.sources[${index}].configMap.name`, source.configMap.name)
        : []),
    ]),
  ];
}

function envReferences({ valueFrom }: EnvVar, at: string, core: Core): Reference[] {
  const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
  return [
    ...(secretKeyRef && !secretKeyRef.optional ? core('Secret', `${at}.secretKeyRef.name`, secretKeyRef.name) : []),
    ...(configMapKeyRef && !configMapKeyRef.optional
      ? core('ConfigMap', `${at}.configMapKeyRef.name`, configMapKeyRef.name)
      : []),
  ];
}

function envFromReferences({ secretRef, configMapRef }: EnvFromSource, at: string, core: Core): Reference[] {
  return [
    ...(secretRef && !secretRef.optional ? core('Secret', `${at}.secretRef.name`, secretRef.name) : []),
    ...(configMapRef && !configMapRef.optional ? core('ConfigMap', `${at}.configMapRef.name`, configMapRef.name) : []),
  ];
}

function ingressReferences(object: KubeObject): Reference[] {
  const { defaultBackend, rules, tls, ingressClassName } = (object as Ingress).spec;
  const service = (backend: IngressBackend | undefined, at: string): Reference[] =>
    backend?.service
      ? [
          {
            field: `${at}.service.name`,
            apiVersion: 'v1',
            kind: 'Service',
            ...place(object),
            name: backend.service.name,
          },
        ]
      : [];
  return [
    ...service(defaultBackend, 'spec.defaultBackend'),
    ...(rules ?? []).flatMap(({ http }, rule) =>
      (http?.paths ?? []).flatMap(({ backend }, path) =>
        service(backend, `spec.rules[${rule}].http.paths[${path}].backend`),
      ),
    ),
    ...(tls ?? []).flatMap(({ secretName }, index) =>
      secretName
        ? [
            {
              field: `spec.tls[${index}].secretName`,
              apiVersion: 'v1',
              kind: 'Secret',
              ...place(object),
              name: secretName,
            },
          ]
        : [],
    ),
    ...(ingressClassName
      ? [
          {
            field: 'spec.ingressClassName',
            apiVersion: 'networking.k8s.io/v1',
            kind: 'IngressClass',
            name: ingressClassName,
          },
        ]
      : []),
  ];
}

/** Role and accounts; built-in ClusterRoles (`view`, `system:…`) are in every cluster. */
function bindingReferences(object: KubeObject): Reference[] {
  const { roleRef, subjects } = object as RoleBinding;
  const isBuiltIn =
    roleRef.kind === 'ClusterRole' &&
    (/^(?:admin|edit|view|cluster-admin)$/.test(roleRef.name) || roleRef.name.startsWith('system:'));
  const role: Reference = {
    field: 'roleRef.name',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: roleRef.kind,
    ...(roleRef.kind === 'Role' ? place(object) : {}),
    name: roleRef.name,
  };
  const accounts = (subjects ?? []).flatMap(({ kind, name, namespace }, index) =>
    kind === 'ServiceAccount' && name !== 'default'
      ? [
          {
            field: `subjects[${index}].name`,
            apiVersion: 'v1',
            kind,
            ...(namespace ? { namespace } : place(object)),
            name,
          },
        ]
      : [],
  );
  return [...(isBuiltIn ? [] : [role]), ...accounts];
}
