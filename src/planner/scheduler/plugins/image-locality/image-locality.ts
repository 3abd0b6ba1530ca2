// Prefers nodes that already hold the pod's images, by their size and by how many nodes hold them.
// Behaviour: pkg/scheduler/framework/plugins/imagelocality, Kubernetes v1.36.3.
import type { PodSpec } from '../../../../schema/generated/types/core-v1.ts';
import { multiplyDivide } from '../../framework/int64.ts';
import type { ImageState } from '../../framework/node-info.ts';
import { type Handle, MAX_NODE_SCORE, type ScorePlugin } from '../../framework/plugin.ts';

const MB = 1024 * 1024;
const MIN_THRESHOLD = 23 * MB;
const MAX_CONTAINER_THRESHOLD = 1000 * MB;

export function makeImageLocality({ snapshot }: Pick<Handle, 'snapshot'>) {
  return {
    name: 'ImageLocality',
    score(_state, { spec }, { imageStates }) {
      return imageScore(imagesOf(spec), imageStates, containerCount(spec), snapshot.list().length);
    },
  } satisfies ScorePlugin;
}

function containerCount({ initContainers = [], containers = [] }: PodSpec): number {
  return initContainers.length + containers.length;
}

/** Images of init containers, containers and image volumes, as a node reports them. */
function imagesOf({ initContainers = [], containers = [], volumes = [] }: PodSpec): readonly string[] {
  const images: string[] = [];
  for (const { image } of initContainers) images.push(normalizedImageName(image ?? ''));
  for (const { image } of containers) images.push(normalizedImageName(image ?? ''));
  for (const { image } of volumes) if (image) images.push(normalizedImageName(image.reference ?? ''));
  return images;
}

function imageScore(
  images: readonly string[],
  onNode: ReadonlyMap<string, ImageState>,
  containers: number,
  totalNodes: number,
): number {
  let sum = 0;
  if (onNode.size > 0)
    for (const image of images) {
      const state = onNode.get(image);
      // An image that is everywhere says as much as its size; a rare one less, lest its node runs hot.
      if (state) sum += Math.trunc(state.size * (state.nodes / totalNodes));
    }
  const max = MAX_CONTAINER_THRESHOLD * containers;
  const clamped = Math.max(MIN_THRESHOLD, Math.min(sum, max));
  return multiplyDivide(clamped - MIN_THRESHOLD, MAX_NODE_SCORE, max - MIN_THRESHOLD);
}

function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
