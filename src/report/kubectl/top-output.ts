// The tables of `kubectl top`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/metricsutil (metrics_printer.go, metrics_resource_adder.go), Kubernetes v1.36.3.
import { compareBytes } from '../../apimachinery/go/json.ts';
import { goSorted } from '../../apimachinery/go/sort.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { parseQuantity, Quantity } from '../../apimachinery/quantity/quantity.ts';
import { alignTabs, TABLE_LAYOUT } from './tab-writer.ts';

type Amounts = Readonly<Record<string, string>>;

export interface NodeMetrics extends KubeObject {
  readonly usage: Amounts;
}

interface ContainerMetrics {
  readonly name: string;
  readonly usage: Amounts;
}

export interface PodMetrics extends KubeObject {
  readonly containers: readonly ContainerMetrics[];
}

interface TopOptions {
  readonly noHeaders: boolean;
  readonly sortBy: string;
}

interface TopPodsOptions extends TopOptions {
  readonly withNamespace: boolean;
  readonly containers: boolean;
  readonly sum: boolean;
}

const MEBIBYTE = 1024 * 1024;

interface Usage {
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

/** `available` by node; nodes without metrics come last. */
export function topNodesTable(
  metrics: readonly NodeMetrics[],
  available: ReadonlyMap<string, Amounts>,
  { noHeaders, sortBy }: TopOptions,
): string {
  const rows = metrics.map(({ metadata, usage }) => ({ name: metadata.name ?? '', usage: usageOf([usage]) }));
  const lines = noHeaders ? [] : [['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']];
  for (const { name, usage } of sortedUsages(rows, sortBy, byName)) {
    const whole = available.get(name);
    lines.push([
      name,
      cpuText(usage),
      ...percentOf(usage.cpu, whole?.['cpu']),
      memoryText(usage),
      ...percentOf(usage.memory, whole?.['memory']),
    ]);
  }
  const measured = new Set(rows.map(({ name }) => name));
  for (const name of available.keys()) {
    if (!measured.has(name)) lines.push([name, '<unknown>', '<unknown>', '<unknown>', '<unknown>']);
  }
  return tableText(lines);
}

export function topPodsTable(metrics: readonly PodMetrics[], options: TopPodsOptions): string {
  const { noHeaders, withNamespace, containers, sum, sortBy } = options;
  const rows = metrics.map((pod) => ({
    name: pod.metadata.name ?? '',
    namespace: pod.metadata.namespace ?? '',
    containers: pod.containers,
    usage: usageOf(pod.containers.map(({ usage }) => usage)),
  }));
  const header = ['NAME', 'CPU(cores)', 'MEMORY(bytes)'];
  const lines: string[][] = noHeaders
    ? []
    : [[...(withNamespace ? ['NAMESPACE'] : []), ...(containers ? ['POD'] : []), ...header]];
  const sorted = sortedUsages(rows, sortBy, (a, b) =>
    withNamespace && a.namespace !== b.namespace ? compareBytes(a.namespace, b.namespace) < 0 : byName(a, b),
  );
  for (const row of sorted) {
    const start = withNamespace ? [row.namespace] : [];
    if (!containers) lines.push([...start, row.name, cpuText(row.usage), memoryText(row.usage)]);
    else {
      const parts = row.containers.map(({ name, usage }) => ({ name, usage: usageOf([usage]) }));
      for (const { name, usage } of sortedUsages(parts, sortBy, byName)) {
        lines.push([...start, row.name, name, cpuText(usage), memoryText(usage)]);
      }
    }
  }
  if (sum) {
    // Without headers upstream does not count the columns before the name.
    const width = 3 + (noHeaders ? 0 : Number(withNamespace) + Number(containers));
    const total = usageOf(rows.flatMap((row) => row.containers.map(({ usage }) => usage)));
    lines.push([...Array<string>(width - 2).fill(''), '________', '________']);
    lines.push([...Array<string>(width - 2).fill(''), cpuText(total), memoryText(total)]);
  }
  return tableText(lines);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): boolean {
  return compareBytes(a.name, b.name) < 0;
}

function sortedUsages<T extends { readonly usage: Usage }>(
  rows: readonly T[],
  sortBy: string,
  otherwise: (a: T, b: T) => boolean,
): readonly T[] {
  if (sortBy === 'cpu') return goSorted(rows, (a, b) => a.usage.cpu.milliValue() > b.usage.cpu.milliValue());
  if (sortBy === 'memory') return goSorted(rows, (a, b) => a.usage.memory.value() > b.usage.memory.value());
  return goSorted(rows, otherwise);
}

function usageOf(list: readonly Amounts[]): Usage {
  const total = (name: string): Quantity =>
    list.reduce((sum, usage) => sum.add(parseQuantity(usage[name] ?? '0') ?? Quantity.zero()), Quantity.zero());
  return { cpu: total('cpu'), memory: total('memory') };
}

function cpuText({ cpu }: Usage): string {
  return `${cpu.milliValue()}m`;
}

function memoryText({ memory }: Usage): string {
  return `${Math.trunc(memory.value() / MEBIBYTE)}Mi`;
}

function percentOf(amount: Quantity, whole: string | undefined): readonly string[] {
  const all = whole === undefined ? undefined : parseQuantity(whole);
  if (!all) return [];
  return [`${all.isZero() ? 0 : Math.trunc((amount.milliValue() / all.milliValue()) * 100)}%`];
}

/** Every cell ends with a tab, the last one too. */
function tableText(lines: readonly (readonly string[])[]): string {
  return alignTabs(lines.map((line) => `${line.join('\t')}\t\n`).join(''), TABLE_LAYOUT);
}
