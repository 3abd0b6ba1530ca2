// Fills in what a pod spec leaves out, for pods and pod templates alike.
// Behaviour: pkg/apis/core/v1/{defaults,zz_generated.defaults,conversion}.go, Kubernetes v1.36.3.
import type {
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

// Init containers used to be told in annotations; they are dropped wherever pods are converted.
const INIT_CONTAINER_ANNOTATIONS = [
  'pod.beta.kubernetes.io/init-containers',
  'pod.alpha.kubernetes.io/init-containers',
  'pod.beta.kubernetes.io/init-container-statuses',
  'pod.alpha.kubernetes.io/init-container-statuses',
];

/** SetDefaults_PodSpec and everything below it; also keeps serviceAccount the alias of serviceAccountName. */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  const serviceAccountName = spec.serviceAccountName || spec.serviceAccount;
  const next: PodSpec = {
    ...spec,
    ...(spec.volumes ? { volumes: spec.volumes.map(defaultVolume) } : {}),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(defaultContainer) } : {}),
    ...(spec.containers ? { containers: spec.containers.map(defaultContainer) } : {}),
    ...(spec.ephemeralContainers ? { ephemeralContainers: spec.ephemeralContainers.map(defaultContainer) } : {}),
    restartPolicy: spec.restartPolicy || 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS,
    dnsPolicy: spec.dnsPolicy || 'ClusterFirst',
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName || DEFAULT_SCHEDULER_NAME,
    ...(serviceAccountName ? { serviceAccountName, serviceAccount: serviceAccountName } : {}),
    ...(spec.overhead ? { overhead: roundResourceList(spec.overhead) } : {}),
    ...(spec.resources ? { resources: roundResources(spec.resources) } : {}),
  };
  return next;
}

export function defaultPodTemplate(template: PodTemplateSpec): PodTemplateSpec {
  return {
    ...template,
    metadata: dropInitContainerAnnotations(template.metadata),
    spec: defaultPodSpec(template.spec),
  };
}

export function dropInitContainerAnnotations<M extends { readonly annotations?: Readonly<Record<string, string>> }>(
  metadata: M,
): M {
  const { annotations, ...rest } = metadata;
  if (annotations === undefined || !INIT_CONTAINER_ANNOTATIONS.some((key) => key in annotations)) return metadata;
  const kept = Object.entries(annotations).filter(([key]) => !INIT_CONTAINER_ANNOTATIONS.includes(key));
  // The same metadata with fewer annotations.
  return (kept.length > 0 ? { ...rest, annotations: Object.fromEntries(kept) } : rest) as M;
}

function defaultContainer<C extends AnyContainer>(container: C): C {
  const { ports, env, livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return {
    ...container,
    ...(ports?.some(lacksProtocol) ? { ports: ports.map(defaultPort) } : {}),
    ...(env?.some(hasDefaultedSource) ? { env: env.map(defaultEnvVar) } : {}),
    resources: roundResources(container.resources),
    ...(livenessProbe ? { livenessProbe: defaultProbe(livenessProbe) } : {}),
    ...(readinessProbe ? { readinessProbe: defaultProbe(readinessProbe) } : {}),
    ...(startupProbe ? { startupProbe: defaultProbe(startupProbe) } : {}),
    ...(lifecycle ? { lifecycle: defaultLifecycle(lifecycle) } : {}),
    terminationMessagePath: container.terminationMessagePath || DEFAULT_TERMINATION_MESSAGE_PATH,
    terminationMessagePolicy: container.terminationMessagePolicy || 'File',
    imagePullPolicy: container.imagePullPolicy || defaultPullPolicy(container.image),
  };
}

function lacksProtocol(port: ContainerPort): boolean {
  return !port.protocol;
}

function defaultPort(port: ContainerPort): ContainerPort {
  return port.protocol ? port : { ...port, protocol: 'TCP' };
}

function hasDefaultedSource({ valueFrom }: EnvVar): boolean {
  return valueFrom?.fieldRef !== undefined || valueFrom?.fileKeyRef !== undefined;
}

function defaultEnvVar(variable: EnvVar): EnvVar {
  const { valueFrom } = variable;
  if (!valueFrom || !hasDefaultedSource(variable)) return variable;
  const { fieldRef, fileKeyRef } = valueFrom;
  return {
    ...variable,
    valueFrom: {
      ...valueFrom,
      ...(fieldRef ? { fieldRef: { ...fieldRef, apiVersion: fieldRef.apiVersion || 'v1' } } : {}),
      ...(fileKeyRef ? { fileKeyRef: { ...fileKeyRef, optional: fileKeyRef.optional ?? false } } : {}),
    },
  };
}

function defaultProbe(probe: Probe): Probe {
  const { httpGet, grpc } = probe;
  return {
    ...probe,
    ...(httpGet ? { httpGet: defaultHttpGet(httpGet) } : {}),
    ...(grpc ? { grpc: { ...grpc, service: grpc.service ?? '' } } : {}),
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  };
}

function defaultHttpGet(action: HTTPGetAction): HTTPGetAction {
  return { ...action, path: action.path || '/', scheme: action.scheme || 'HTTP' };
}

function defaultLifecycle(lifecycle: Lifecycle): Lifecycle {
  const { postStart, preStop } = lifecycle;
  return {
    ...lifecycle,
    ...(postStart ? { postStart: defaultLifecycleHandler(postStart) } : {}),
    ...(preStop ? { preStop: defaultLifecycleHandler(preStop) } : {}),
  };
}

function defaultLifecycleHandler(handler: LifecycleHandler): LifecycleHandler {
  return handler.httpGet ? { ...handler, httpGet: defaultHttpGet(handler.httpGet) } : handler;
}
