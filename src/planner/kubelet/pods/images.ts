// Whether a node has the images of a pod, how long it pulls those it lacks, and which it never gets.
// Behaviour: pkg/kubelet/images/image_manager.go (EnsureImageExists, shouldPullImage), Kubernetes v1.36.3.
// Differs: a pod does not wait for an image that the node is pulling for another; the other containers of a pod wait for the one without an image.
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Container, Node, Pod } from '../../../schema/generated/types/core-v1.ts';

/** What a description says of images; of all others a pull takes no time. */
export interface DescribedImages {
  /** Bytes to pull, by image. */
  readonly sizes?: Readonly<Record<string, string>>;
  /** Bytes a second, for each node. */
  readonly bandwidth?: string;
  /** Images that no registry has. */
  readonly missing?: readonly string[];
}

export interface ImageFailure {
  readonly container: string;
  readonly reason: 'ImagePullBackOff' | 'ErrImageNeverPull';
  readonly message: string;
}

export interface ImagePulls {
  /** Milliseconds; a node pulls one image after the other. */
  readonly takes: number;
  readonly failures: readonly ImageFailure[];
}

const DEFAULT_BANDWIDTH = '100Mi';

/** Answers for one run: remembers what each node has pulled, and for which pod. */
export class NodeImages {
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #missing: ReadonlySet<string>;
  readonly #bytesPerSecond: number;
  /** By node and image: the uid of the pod that it was pulled for. */
  readonly #pulled = new Map<string, string>();

  constructor({ sizes = {}, bandwidth = DEFAULT_BANDWIDTH, missing = [] }: DescribedImages) {
    this.#sizes = new Map(Object.entries(sizes).map(([image, size]) => [image, mustParseQuantity(size).value()]));
    this.#missing = new Set(missing);
    this.#bytesPerSecond = Math.max(mustParseQuantity(bandwidth).value(), 1);
  }

  pullsOf(pod: Pod, node: Node): ImagePulls {
    const containers = [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])];
    const failures = containers.flatMap((container) => this.#failureOf(container, node) ?? []);
    if (failures.length > 0) return { takes: 0, failures };
    const images = new Set(containers.map(({ image = '' }) => image));
    let bytes = 0;
    for (const image of images) if (this.#pullsFor(image, pod, node)) bytes += this.#sizes.get(image) ?? 0;
    return { takes: Math.ceil((bytes * 1000) / this.#bytesPerSecond), failures };
  }

  #pullsFor(image: string, { metadata: { uid = '' } }: Pod, node: Node): boolean {
    if (isOnNode(image, node)) return false;
    const key = `${node.metadata.name} ${image}`;
    const puller = this.#pulled.get(key);
    if (puller === undefined) this.#pulled.set(key, uid);
    return puller === undefined || puller === uid;
  }

  #failureOf({ name, image = '', imagePullPolicy }: Container, node: Node): ImageFailure | undefined {
    const isThere = isOnNode(image, node);
    if (imagePullPolicy === 'Never') {
      if (isThere) return undefined;
      const message = `Container image "${image}" is not present with pull policy of Never`;
      return { container: name, reason: 'ErrImageNeverPull', message };
    }
    if (!this.#missing.has(image) || (isThere && imagePullPolicy !== 'Always')) return undefined;
    const message = `Back-off pulling image "${image}": ErrImagePull: failed to resolve reference "${image}": not found`;
    return { container: name, reason: 'ImagePullBackOff', message };
  }
}

function isOnNode(image: string, { status }: Node): boolean {
  return status?.images?.some(({ names }) => names?.includes(image) ?? false) ?? false;
}
