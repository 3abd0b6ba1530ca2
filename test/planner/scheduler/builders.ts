// Pods and nodes for scheduler tests: a test shows only the fields it is about.
// Role: pkg/scheduler/testing/wrappers.go, Kubernetes v1.36.3.
import { NodeInfo } from '../../../src/planner/scheduler/framework/node-info.ts';
import { PodInfo } from '../../../src/planner/scheduler/framework/pod-info.ts';
import type {
  Container,
  Node,
  NodeSpec,
  NodeStatus,
  Pod,
  PodSpec,
  PodStatus,
  Taint,
} from '../../../src/schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../src/schema/generated/types/meta-v1.ts';

type Amounts = Readonly<Record<string, string>>;
/** Node status as the API server fills it has required parts that no plugin reads. */
type SomeNodeStatus = Partial<NodeStatus>;
type SomeContainer = Omit<Container, 'resources'> & Partial<Container>;

export class PodBuilder {
  readonly #metadata: ObjectMeta;
  readonly #spec: PodSpec;
  readonly #status: PodStatus;

  constructor(metadata: ObjectMeta, spec: PodSpec, status: PodStatus) {
    this.#metadata = metadata;
    this.#spec = spec;
    this.#status = status;
  }

  metadata(metadata: ObjectMeta): PodBuilder {
    return new PodBuilder({ ...this.#metadata, ...metadata }, this.#spec, this.#status);
  }

  spec(spec: PodSpec): PodBuilder {
    return new PodBuilder(this.#metadata, { ...this.#spec, ...spec }, this.#status);
  }

  status(status: PodStatus): PodBuilder {
    return new PodBuilder(this.#metadata, this.#spec, { ...this.#status, ...status });
  }

  namespace(namespace: string): PodBuilder {
    return this.metadata({ namespace });
  }

  labels(labels: Amounts): PodBuilder {
    return this.metadata({ labels });
  }

  on(nodeName: string): PodBuilder {
    return this.spec({ nodeName });
  }

  priority(priority: number): PodBuilder {
    return this.spec({ priority });
  }

  /** One more container that asks for this. */
  requests(requests: Amounts): PodBuilder {
    return this.container({ name: `c${this.#spec.containers?.length ?? 0}`, resources: { requests } });
  }

  container(container: SomeContainer): PodBuilder {
    return this.spec({ containers: [...(this.#spec.containers ?? []), { resources: {}, ...container }] });
  }

  build(): Pod {
    return { apiVersion: 'v1', kind: 'Pod', metadata: this.#metadata, spec: this.#spec, status: this.#status };
  }

  info(): PodInfo {
    return new PodInfo(this.build());
  }
}

export function makePod(name: string): PodBuilder {
  const metadata = { name, namespace: 'default', uid: `uid-${name}` };
  return new PodBuilder(metadata, { containers: [], schedulerName: 'default-scheduler' }, { phase: 'Pending' });
}

export class NodeBuilder {
  readonly #metadata: ObjectMeta;
  readonly #spec: NodeSpec;
  readonly #status: SomeNodeStatus;

  constructor(metadata: ObjectMeta, spec: NodeSpec, status: SomeNodeStatus) {
    this.#metadata = metadata;
    this.#spec = spec;
    this.#status = status;
  }

  labels(labels: Amounts): NodeBuilder {
    return new NodeBuilder(
      { ...this.#metadata, labels: { ...this.#metadata.labels, ...labels } },
      this.#spec,
      this.#status,
    );
  }

  zone(zone: string): NodeBuilder {
    return this.labels({ 'topology.kubernetes.io/zone': zone });
  }

  allocatable(allocatable: Amounts): NodeBuilder {
    return this.status({ allocatable: { pods: '110', ...allocatable } });
  }

  taints(...taints: readonly Taint[]): NodeBuilder {
    return new NodeBuilder(this.#metadata, { ...this.#spec, taints }, this.#status);
  }

  unschedulable(): NodeBuilder {
    return new NodeBuilder(this.#metadata, { ...this.#spec, unschedulable: true }, this.#status);
  }

  status(status: SomeNodeStatus): NodeBuilder {
    return new NodeBuilder(this.#metadata, this.#spec, { ...this.#status, ...status });
  }

  build(): Node {
    const status = this.#status as NodeStatus; // see SomeNodeStatus
    return { apiVersion: 'v1', kind: 'Node', metadata: this.#metadata, spec: this.#spec, status };
  }

  info(...pods: readonly PodBuilder[]): NodeInfo {
    const info = new NodeInfo(this.#metadata.name ?? '');
    info.setNode(this.build());
    for (const pod of pods) info.addPod(pod.info());
    return info;
  }
}

export function makeNode(name: string): NodeBuilder {
  const metadata = { name, labels: { 'kubernetes.io/hostname': name } };
  return new NodeBuilder(metadata, {}, {}).allocatable({ cpu: '4', memory: '16Gi' });
}
