// Describes namespaces, quotas, limit ranges, config maps, secrets, accounts and priority classes.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go, Kubernetes v1.36.3.
// Differs: resources of a limit range come in order of name; kubectl prints them in random order.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { parseQuantity, Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type {
  ConfigMap,
  LimitRange,
  Namespace,
  ResourceQuota,
  Secret,
  ServiceAccount,
} from '../../../schema/generated/types/core-v1.ts';
import type { PriorityClass } from '../../../schema/generated/types/scheduling-v1.ts';
import { formatLabels } from '../../../selectors/label-selector.ts';
import { describer, eventsOf, longTime, writeEvents, writeHead, writeMeta } from './describer.ts';
import type { DescriptionWriter } from './writer.ts';

const SCOPE_HELP: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};
const TOKEN_TYPE = 'kubernetes.io/service-account-token';

export const describeNamespace = describer<Namespace>((w, object, around) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  writeMeta(w, object);
  w.line(0, 'Status:', object.status.phase ?? '');
  const conditions = object.status.conditions ?? [];
  if (conditions.length > 0) {
    w.write(0, 'Conditions:\n');
    w.line(1, 'Type', 'Status', 'LastTransitionTime', 'Reason', 'Message');
    w.line(1, '----', '------', '------------------', '------', '-------');
    for (const { type, status, lastTransitionTime, reason = '', message = '' } of conditions) {
      w.line(1, type, status, longTime(lastTransitionTime), reason, message);
    }
  }
  w.write(0, '\n');
  writeQuotas(w, around.list<ResourceQuota>('ResourceQuota', object.metadata.name));
  w.write(0, '\n');
  writeLimitRanges(w, around.list<LimitRange>('LimitRange', object.metadata.name));
});

function writeQuotas(w: DescriptionWriter, quotas: readonly ResourceQuota[]): void {
  if (quotas.length === 0) {
    w.write(0, 'No resource quota.\n');
    return;
  }
  w.write(0, 'Resource Quotas\n');
  for (const { metadata, spec, status } of quotas) {
    w.line(1, 'Name:', metadata.name ?? '');
    writeScopes(w, spec.scopes, 1, '* ');
    w.line(1, 'Resource', 'Used', 'Hard');
    w.line(1, '--------', '---', '---');
    for (const name of Object.keys(status.hard ?? {}).sort(compareBytes)) {
      w.line(1, name, status.used?.[name] ?? '0', status.hard![name]!);
    }
  }
}

function writeScopes(w: DescriptionWriter, given: readonly string[] | undefined, level: number, bullet: string): void {
  if (!given || given.length === 0) return;
  const scopes = [...given].sort(compareBytes);
  w.line(level, 'Scopes:', scopes.join(', '));
  for (const scope of scopes) if (SCOPE_HELP[scope]) w.write(level, `${bullet}${SCOPE_HELP[scope]}\n`);
}

function writeLimitRanges(w: DescriptionWriter, ranges: readonly LimitRange[]): void {
  if (ranges.length === 0) {
    w.write(0, 'No LimitRange resource.\n');
    return;
  }
  w.write(0, 'Resource Limits\n');
  w.line(0, ' Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio');
  w.line(0, ' ----', '--------', '---', '---', '---------------', '-------------', '-----------------------');
  for (const range of ranges) writeLimits(w, range, ' ');
}

function writeLimits(w: DescriptionWriter, { spec }: LimitRange, prefix: string): void {
  for (const { type, min, max, default: limit, defaultRequest, maxLimitRequestRatio } of spec.limits ?? []) {
    const lists = [min, max, defaultRequest, limit, maxLimitRequestRatio];
    const names = [...new Set(lists.flatMap((list) => Object.keys(list ?? {})))].sort(compareBytes);
    for (const name of names) w.line(0, `${prefix}${type}`, name, ...lists.map((list) => list?.[name] ?? '-'));
  }
}

export const describeLimitRange = describer<LimitRange>((w, object) => {
  writeHead(w, object);
  w.line(0, 'Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio');
  w.line(0, '----', '--------', '---', '---', '---------------', '-------------', '-----------------------');
  writeLimits(w, object, '');
});

export const describeResourceQuota = describer<ResourceQuota>((w, object) => {
  const { spec, status } = object;
  writeHead(w, object);
  writeScopes(w, spec.scopes, 0, ' * ');
  w.line(0, 'Resource', 'Used', 'Hard');
  w.line(0, '--------', '----', '----');
  for (const name of Object.keys(status.hard ?? {}).sort(compareBytes)) {
    const hard = parseQuantity(status.hard![name]!) ?? Quantity.zero();
    const used = parseQuantity(status.used?.[name] ?? '0') ?? Quantity.zero();
    const shown = used.format === hard.format ? used : Quantity.of(used.value(), hard.format);
    w.line(0, name, shown.toString(), hard.toString());
  }
});

export const describeConfigMap = describer<ConfigMap>((w, object, around) => {
  writeHead(w, object);
  writeMeta(w, object);
  w.write(0, '\nData\n====\n');
  for (const key of Object.keys(object.data ?? {}).sort(compareBytes)) {
    w.write(0, `${key}:\n----\n`);
    w.write(0, `${object.data![key]}\n`);
    w.write(0, '\n');
  }
  w.write(0, '\nBinaryData\n====\n');
  for (const key of Object.keys(object.binaryData ?? {}).sort(compareBytes)) {
    w.write(0, `${key}: ${base64Length(object.binaryData![key]!)} bytes\n`);
  }
  w.write(0, '\n');
  writeEvents(w, eventsOf(object, around), around);
});

export const describeSecret = describer<Secret>((w, object) => {
  writeHead(w, object);
  writeMeta(w, object);
  w.line(0, '\nType:', object.type ?? '');
  w.write(0, '\nData\n====\n');
  for (const key of Object.keys(object.data ?? {}).sort(compareBytes)) {
    const value = object.data![key]!;
    const isToken = key === 'token' && object.type === TOKEN_TYPE;
    w.line(0, `${key}:`, isToken ? base64Text(value) : `${base64Length(value)} bytes`);
  }
});

function base64Length(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.max(0, (text.length / 4) * 3 - padding);
}

function base64Text(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}

export const describeServiceAccount = describer<ServiceAccount>((w, object, around) => {
  writeHead(w, object);
  writeMeta(w, object);
  const names = (object.imagePullSecrets ?? []).map(({ name }) => name ?? '');
  if (names.length === 0) w.line(0, 'Image pull secrets:', '<none>');
  for (const [i, name] of names.entries()) w.line(0, i === 0 ? 'Image pull secrets:' : '                   ', name);
  writeEvents(w, eventsOf(object, around), around);
});

export const describePriorityClass = describer<PriorityClass>((w, object, around) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  w.line(0, 'Value:', object.value);
  w.line(0, 'GlobalDefault:', object.globalDefault ?? false);
  w.line(0, 'PreemptionPolicy:', object.preemptionPolicy ?? '');
  w.line(0, 'Description:', object.description ?? '');
  w.line(0, 'Annotations:', formatLabels(object.metadata.annotations));
  writeEvents(w, eventsOf(object, around), around);
});
