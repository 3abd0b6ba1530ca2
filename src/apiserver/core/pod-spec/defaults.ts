// Fills in what a pod spec leaves out, for pods and pod templates alike.
// Behaviour: pkg/apis/core/v1/{defaults,zz_generated.defaults,conversion}.go, Kubernetes v1.36.3.
import { mapList, mapShared, merge } from '../../../apimachinery/sharing.ts';
import type {
  Container,
  ContainerPort,
  EnvVar,
  HTTPGetAction,
  Lifecycle,
  LifecycleHandler,
  PodSpec,
  PodTemplateSpec,
  Probe,
} from '../../../schema/generated/types/core-v1.ts';
import { defaultPullPolicy } from './image-reference.ts';
import { roundResourceList, roundResources } from './resource-rounding.ts';
import type { AnyContainer } from './visit-containers.ts';
import { defaultVolume } from './volume-defaults.ts';

const DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS = 30;
const DEFAULT_SCHEDULER_NAME = 'default-scheduler';
const DEFAULT_TERMINATION_MESSAGE_PATH = '/dev/termination-log';

/** Init containers used to be told in annotations; they are dropped wherever pods are converted. */
const INIT_CONTAINER_ANNOTATIONS = [
  'pod.beta.kubernetes.io/init-containers',
  'pod.alpha.kubernetes.io/init-containers',
  'pod.beta.kubernetes.io/init-container-statuses',
  'pod.alpha.kubernetes.io/init-container-statuses',
];

/** SetDefaults_PodSpec and everything below it; also keeps serviceAccount the alias of serviceAccountName. */
export function defaultPodSpec(spec: PodSpec, put = merge<PodSpec>): PodSpec {
  const serviceAccountName = spec.serviceAccountName || spec.serviceAccount || undefined;
  return put(spec, {
    volumes: mapList(spec.volumes, defaultVolume),
    initContainers: defaultContainers(spec.initContainers),
    containers: defaultContainers(spec.containers),
    ephemeralContainers: mapList(spec.ephemeralContainers, defaultContainer),
    restartPolicy: spec.restartPolicy || 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS,
    dnsPolicy: spec.dnsPolicy || 'ClusterFirst',
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName || DEFAULT_SCHEDULER_NAME,
    serviceAccountName,
    serviceAccount: serviceAccountName,
    overhead: spec.overhead && roundResourceList(spec.overhead),
    resources: spec.resources && roundResources(spec.resources),
  });
}

export function defaultPodTemplate(template: PodTemplateSpec): PodTemplateSpec {
  return merge(template, {
    metadata: dropInitContainerAnnotations(template.metadata),
    spec: defaultPodSpec(template.spec),
  });
}

export function dropInitContainerAnnotations<M extends { readonly annotations?: Readonly<Record<string, string>> }>(
  metadata: M,
): M {
  const known = metadata.annotations;
  if (known === undefined || !INIT_CONTAINER_ANNOTATIONS.some((key) => key in known)) return metadata;
  const { annotations = known, ...rest } = metadata;
  const kept = Object.entries(annotations).filter(([key]) => !INIT_CONTAINER_ANNOTATIONS.includes(key));
  // The same metadata with fewer annotations.
  return (kept.length > 0 ? { ...rest, annotations: Object.fromEntries(kept) } : rest) as M;
}

function defaultContainer<C extends AnyContainer>(container: C): C {
  const { ports, env, livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return merge<AnyContainer>(container, {
    ports: mapList(ports, defaultPort),
    env: mapList(env, defaultEnvVar),
    resources: roundResources(container.resources),
    livenessProbe: livenessProbe && defaultProbe(livenessProbe),
    readinessProbe: readinessProbe && defaultProbe(readinessProbe),
    startupProbe: startupProbe && defaultProbe(startupProbe),
    lifecycle: lifecycle && defaultLifecycle(lifecycle),
    terminationMessagePath: container.terminationMessagePath || DEFAULT_TERMINATION_MESSAGE_PATH,
    terminationMessagePolicy: container.terminationMessagePolicy || 'File',
    imagePullPolicy: container.imagePullPolicy || defaultPullPolicy(container.image),
    // Only fields that all containers have are set.
  }) as C;
}

const defaultContainers = mapShared<Container>(defaultContainer);

function defaultPort(port: ContainerPort): ContainerPort {
  return port.protocol ? port : { ...port, protocol: 'TCP' };
}

function defaultEnvVar(variable: EnvVar): EnvVar {
  const { valueFrom } = variable;
  if (!valueFrom?.fieldRef && !valueFrom?.fileKeyRef) return variable;
  const { fieldRef, fileKeyRef } = valueFrom;
  return merge(variable, {
    valueFrom: merge(valueFrom, {
      fieldRef: fieldRef && merge(fieldRef, { apiVersion: fieldRef.apiVersion || 'v1' }),
      fileKeyRef: fileKeyRef && merge(fileKeyRef, { optional: fileKeyRef.optional ?? false }),
    }),
  });
}

function defaultProbe(probe: Probe): Probe {
  const { httpGet, grpc } = probe;
  return merge(probe, {
    httpGet: httpGet && defaultHttpGet(httpGet),
    grpc: grpc && merge(grpc, { service: grpc.service ?? '' }),
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  });
}

function defaultHttpGet(action: HTTPGetAction): HTTPGetAction {
  return merge(action, { path: action.path || '/', scheme: action.scheme || 'HTTP' });
}

function defaultLifecycle(lifecycle: Lifecycle): Lifecycle {
  const { postStart, preStop } = lifecycle;
  return merge(lifecycle, {
    postStart: postStart && defaultLifecycleHandler(postStart),
    preStop: preStop && defaultLifecycleHandler(preStop),
  });
}

function defaultLifecycleHandler(handler: LifecycleHandler): LifecycleHandler {
  return merge(handler, { httpGet: handler.httpGet && defaultHttpGet(handler.httpGet) });
}
