// Workloads whose containers would use more cpu than their limit lets them have, by the loads that the description states.
import type { Diagnostic, ObjectRef } from '../../../apimachinery/diagnostic.ts';
import { refOf } from '../../../apimachinery/object.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import { locate } from '../../../manifests/manifest.ts';
import type { ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { DescribedMetrics, Measured } from '../../controllers/horizontal/described-metrics.ts';
import type { SubmittedObject } from '../../references/dangling.ts';

export function throttledWorkloads(
  reader: ClusterReader,
  metrics: DescribedMetrics | undefined,
  submitted: readonly SubmittedObject[],
): Diagnostic[] {
  const found = (metrics?.measured(reader.list<Pod>('pods')) ?? []).filter(({ wanted, cpu }) => wanted > cpu);
  const byWorkload = new Map<string, { readonly ref: ObjectRef; readonly pods: Measured[] }>();
  for (const throttled of found) {
    const ref = workloadOf(throttled.pod, reader);
    const key = `${ref.kind}/${ref.namespace}/${ref.name}`;
    const entry = byWorkload.get(key) ?? { ref, pods: [] };
    entry.pods.push(throttled);
    byWorkload.set(key, entry);
  }
  return [...byWorkload.values()].map(({ ref, pods }) => diagnosticOf(ref, pods, submitted));
}

function diagnosticOf(ref: ObjectRef, pods: readonly Measured[], submitted: readonly SubmittedObject[]): Diagnostic {
  const worst = pods.reduce((a, b) => (b.wanted * a.cpu > a.wanted * b.cpu ? b : a));
  const whose = ref.kind === 'Pod' ? '' : ` of ${pods.length} ${pods.length === 1 ? 'pod' : 'pods'}`;
  const container = worst.pod.spec.containers?.[0];
  const holder = container?.resources?.limits?.['cpu'] === undefined ? '' : 'containers[0].';
  const field = `${ref.kind === 'Pod' ? 'spec' : 'spec.template.spec'}.${holder}resources.limits.cpu`;
  const manifest = submitted.find(
    ({ object }) =>
      object.kind === ref.kind && object.metadata.name === ref.name && object.metadata.namespace === ref.namespace,
  )?.manifest;
  return {
    severity: 'warning',
    code: 'ThrottledCPU',
    message: `container ${container?.name}${whose} is throttled: it would use ${cpuText(worst.wanted)} cpu and gets ${cpuText(worst.cpu)}, its limit`,
    object: ref,
    field,
    ...(manifest ? { source: locate(manifest, field) } : {}),
    nextStep: 'Raise the limit or the number of replicas; spec.metrics of the cluster file says what the pods use.',
  };
}

/** Who decides about the pod's containers: its controller, or the Deployment above that. */
function workloadOf(pod: Pod, reader: ClusterReader): ObjectRef {
  const owner = controllerOf(pod);
  if (!owner) return refOf(pod);
  const { namespace = '' } = pod.metadata;
  const set = owner.kind === 'ReplicaSet' && reader.get<ReplicaSet>('replicasets.apps', namespace, owner.name);
  const { apiVersion, kind, name } = (set && controllerOf(set)) || owner;
  return { apiVersion, kind, namespace, name };
}

/** Thousandths as Kubernetes writes them. */
function cpuText(milli: number): string {
  return Quantity.ofMilli(milli, 'DecimalSI').toString();
}
