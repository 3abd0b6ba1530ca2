// The loads that a description states as the metrics API would tell them: what `top` reads.
// Differs: pods whose load is not described have no metrics; nodes use what their described pods use.
import type { KubeObject } from '../../apimachinery/object.ts';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import { formatTime } from '../../apimachinery/time/time.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { Node, Pod } from '../../schema/generated/types/core-v1.ts';
import type { DescribedMetrics } from '../controllers/horizontal/described-metrics.ts';

const API_VERSION = 'metrics.k8s.io/v1beta1';

export function describedUse(metrics: DescribedMetrics | undefined, reader: ClusterReader, now: number): KubeObject[] {
  const measured = metrics?.measured(reader.list<Pod>('pods')) ?? [];
  if (measured.length === 0) return [];
  const said = (kind: string, { metadata }: KubeObject) => {
    const { name, namespace, labels } = metadata;
    const of = { name, ...(namespace === undefined ? {} : { namespace }), ...(labels ? { labels } : {}) };
    return { apiVersion: API_VERSION, kind, metadata: of, timestamp: formatTime(now), window: '1s' };
  };
  const byNode = new Map<string, { cpu: number; memory: number }>();
  const pods = measured.map(({ pod, cpu, memory }) => {
    const { nodeName = '', containers = [] } = pod.spec;
    const node = byNode.get(nodeName) ?? { cpu: 0, memory: 0 };
    byNode.set(nodeName, { cpu: node.cpu + cpu, memory: node.memory + memory });
    const usages = containers.map(({ name }, i) => ({ name, usage: i === 0 ? usage(cpu, memory) : usage(0, 0) }));
    return { ...said('PodMetrics', pod), containers: usages };
  });
  const nodes = reader.list<Node>('nodes').map((node) => {
    const { cpu, memory } = byNode.get(node.metadata.name ?? '') ?? { cpu: 0, memory: 0 };
    return { ...said('NodeMetrics', node), usage: usage(cpu, memory) };
  });
  return [...pods, ...nodes] as KubeObject[];
}

function usage(cpu: number, memory: number): { readonly cpu: string; readonly memory: string } {
  return { cpu: Quantity.ofMilli(cpu, 'DecimalSI').toString(), memory: `${Math.round(memory / 1024 / 1000)}Ki` };
}
