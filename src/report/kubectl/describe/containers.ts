// What a description says of containers.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeContainers), Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { goSorted } from '../../../apimachinery/go/sort.ts';
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import type {
  Container,
  ContainerPort,
  ContainerState,
  ContainerStatus,
  EnvVar,
  Pod,
  Probe,
  ResourceFieldSelector,
  ResourceRequirements,
} from '../../../schema/generated/types/core-v1.ts';
import { goText } from '../go-value.ts';
import { boolWord, longTime } from './describer.ts';
import type { DescriptionWriter } from './writer.ts';

const NONE = '<none>';

interface ContainersOf {
  readonly label: string;
  readonly containers: readonly Container[] | undefined;
  readonly statuses?: readonly ContainerStatus[] | undefined;
  /** The pod they are in; absent for a template. */
  readonly pod?: Pod;
  readonly space: string;
}

export function writeContainers(
  w: DescriptionWriter,
  { label, containers: given, statuses, pod, space }: ContainersOf,
): void {
  const containers = given ?? [];
  w.write(0, `${space}${label}:${containers.length === 0 ? ' <none>' : ''}\n`);
  for (const container of containers) {
    const status = statuses?.findLast(({ name }) => name === container.name);
    writeBasics(w, container, status, space);
    writeCommand(w, 'Command', container.command);
    writeCommand(w, 'Args', container.args);
    if (status) writeState(w, status);
    writeResources(w, container.resources, 2);
    if (container.livenessProbe) w.line(2, 'Liveness:', probeText(container.livenessProbe));
    if (container.readinessProbe) w.line(2, 'Readiness:', probeText(container.readinessProbe));
    if (container.startupProbe) w.line(2, 'Startup:', probeText(container.startupProbe));
    writeEnvironmentFrom(w, container);
    writeEnvironment(w, container, pod);
    writeMounts(w, container);
  }
}

function writeBasics(
  w: DescriptionWriter,
  { name, image, ports = [], securityContext }: Container,
  status: ContainerStatus | undefined,
  space: string,
): void {
  w.write(1, `${space === '' ? '' : ' '}${name}:\n`);
  if (status) w.line(2, 'Container ID:', status.containerID ?? '');
  w.line(2, 'Image:', image ?? '');
  if (status) w.line(2, 'Image ID:', status.imageID);
  writePorts(w, 'Port', ports, ({ containerPort }) => containerPort);
  writePorts(w, 'Host Port', ports, ({ hostPort: port }) => port ?? 0);
  const seccomp = securityContext?.seccompProfile;
  if (!seccomp) return;
  w.line(2, 'SeccompProfile:', seccomp.type);
  if (seccomp.type === 'Localhost') w.line(3, 'LocalhostProfile:', seccomp.localhostProfile ?? '');
}

function writePorts(
  w: DescriptionWriter,
  label: string,
  ports: readonly ContainerPort[],
  numberOf: (port: ContainerPort) => number,
): void {
  const texts = ports.map((port) => `${numberOf(port)}/${port.protocol ?? ''}${port.name ? ` (${port.name})` : ''}`);
  const text = texts.join(', ');
  if (text.includes(',')) w.line(2, `${label}s:`, text);
  else w.line(2, `${label}:`, text || NONE);
}

function writeCommand(w: DescriptionWriter, label: string, words: readonly string[] | undefined): void {
  if (!words || words.length === 0) return;
  w.write(2, `${label}:\n`);
  for (const word of words) for (const line of word.split('\n')) w.write(3, `${line}\n`);
}

export function writeResources(w: DescriptionWriter, resources: ResourceRequirements | undefined, level: number): void {
  for (const [title, list] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const names = Object.keys(list ?? {}).sort(compareBytes);
    if (names.length > 0) w.write(level, `${title}:\n`);
    for (const name of names) w.line(level + 1, `${name}:`, list![name]!);
  }
}

function writeState(w: DescriptionWriter, status: ContainerStatus): void {
  writeOneState(w, 'State', status.state);
  if (status.lastState?.terminated) writeOneState(w, 'Last State', status.lastState);
  w.line(2, 'Ready:', boolWord(status.ready));
  w.line(2, 'Restart Count:', status.restartCount);
}

function writeOneState(w: DescriptionWriter, title: string, state: ContainerState | undefined): void {
  const { running, waiting, terminated } = state ?? {};
  if (running) {
    w.line(2, `${title}:`, 'Running');
    w.line(3, 'Started:', longTime(running.startedAt));
  } else if (terminated && !waiting) {
    w.line(2, `${title}:`, 'Terminated');
    if (terminated.reason) w.line(3, 'Reason:', terminated.reason);
    if (terminated.message) w.line(3, 'Message:', terminated.message);
    w.line(3, 'Exit Code:', terminated.exitCode);
    if ((terminated.signal ?? 0) > 0) w.line(3, 'Signal:', terminated.signal!);
    w.line(3, 'Started:', longTime(terminated.startedAt));
    w.line(3, 'Finished:', longTime(terminated.finishedAt));
  } else {
    w.line(2, `${title}:`, 'Waiting');
    if (waiting?.reason) w.line(3, 'Reason:', waiting.reason);
  }
}

function probeText(probe: Probe): string {
  const attributes = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s period=${probe.periodSeconds ?? 0}s #success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`;
  if (probe.exec) return `exec ${goText(probe.exec.command ?? [])} ${attributes}`;
  if (probe.httpGet) {
    const { scheme = '', host = '', port, path = '' } = probe.httpGet;
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const slash = path !== '' && !path.startsWith('/') ? '/' : '';
    return `http-get ${scheme === '' ? '' : `${scheme.toLowerCase()}:`}//${address}${slash}${encodePath(path)} ${attributes}`;
  }
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${attributes}`;
  if (probe.grpc) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ''} ${attributes}`;
  return `unknown ${attributes}`;
}

/** As Go's URL writes a path: reserved characters that may stand there stay. */
function encodePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@!*'()[\]]/gu, (character) => encodeURIComponent(character));
}

function writeEnvironmentFrom(w: DescriptionWriter, { envFrom }: Container): void {
  if (!envFrom || envFrom.length === 0) return;
  w.write(2, 'Environment Variables from:\n');
  for (const { configMapRef, secretRef, prefix } of envFrom) {
    const source = configMapRef ?? secretRef;
    const kind = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : '';
    const from = prefix ? `${kind} with prefix '${prefix}'` : kind;
    w.line(3, source?.name ?? '', from, `Optional: ${source?.optional ?? false}`);
  }
}

function writeEnvironment(w: DescriptionWriter, container: Container, pod: Pod | undefined): void {
  const env = container.env ?? [];
  w.write(2, `Environment:${env.length === 0 ? `\t${NONE}` : ''}\n`);
  for (const variable of env) writeVariable(w, variable, container, pod);
}

function writeVariable(w: DescriptionWriter, variable: EnvVar, container: Container, pod: Pod | undefined): void {
  const { name, value = '', valueFrom } = variable;
  if (!valueFrom) {
    for (const [i, line] of value.split('\n').entries()) w.line(3, i === 0 ? `${name}:` : '', line);
    return;
  }
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) {
    const known = pod ? fieldValue(pod, fieldRef.fieldPath) : '';
    w.line(3, `${name}:`, `${known} (${fieldRef.apiVersion ?? ''}:${fieldRef.fieldPath})`);
  } else if (resourceFieldRef) {
    const { resource } = resourceFieldRef;
    const amount = resourceValue(resourceFieldRef, container);
    const isNode = amount === '0' && (resource === 'limits.cpu' || resource === 'limits.memory');
    w.line(3, `${name}:`, `${isNode ? 'node allocatable' : amount} (${resource})`);
  } else if (secretKeyRef) {
    const where = `<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name ?? ''}'>`;
    w.line(3, `${name}:`, where, `Optional: ${secretKeyRef.optional ?? false}`);
  } else if (configMapKeyRef) {
    const where = `<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name ?? ''}'>`;
    w.line(3, `${name}:`, where, `Optional: ${configMapKeyRef.optional ?? false}`);
  }
}

/** kubectl knows only these two; everything else stays empty. */
function fieldValue({ metadata }: Pod, path: string): string {
  if (path === 'metadata.name') return metadata.name ?? '';
  return path === 'metadata.namespace' ? (metadata.namespace ?? '') : '';
}

function resourceValue({ resource, divisor }: ResourceFieldSelector, { resources }: Container): string {
  const dot = resource.indexOf('.');
  const list = resource.slice(0, dot) === 'limits' ? resources?.limits : resources?.requests;
  const name = resource.slice(dot + 1);
  const amount = parseQuantity(list?.[name] ?? '0');
  const by = parseQuantity(divisor === undefined || divisor === '0' ? '1' : divisor);
  if (!amount || !by) return '';
  if (name === 'cpu') return String(Math.ceil(amount.milliValue() / by.milliValue()));
  return String(Math.ceil(amount.value() / by.value()));
}

function writeMounts(w: DescriptionWriter, { volumeMounts = [], volumeDevices = [] }: Container): void {
  const none = volumeMounts.length === 0 ? `\t${NONE}` : '';
  w.write(2, `Mounts:${none}\n`);
  for (const mount of goSorted(volumeMounts, (a, b) => compareBytes(a.mountPath, b.mountPath) < 0)) {
    const flags = [mount.readOnly ? 'ro' : 'rw', ...(mount.subPath ? [`path=${goQuote(mount.subPath)}`] : [])];
    w.write(3, `${mount.mountPath} from ${mount.name} (${flags.join(',')})\n`);
  }
  if (volumeDevices.length === 0) return;
  w.write(2, `Devices:${none}\n`);
  for (const device of goSorted(volumeDevices, (a, b) => compareBytes(a.devicePath, b.devicePath) < 0)) {
    w.write(3, `${device.devicePath} from ${device.name}\n`);
  }
}
