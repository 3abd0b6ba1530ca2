// Tells kubelets for how long they may keep Secrets and ConfigMaps, by the size of the cluster.
// Behaviour: pkg/controller/ttl/ttl_controller.go, Kubernetes v1.36.3.
import type { Node } from '../../../schema/generated/types/core-v1.ts';
import type { ControllerFactory } from '../../engine/controller.ts';

const ANNOTATION = 'node.alpha.kubernetes.io/ttl';

/** Sizes overlap so that a cluster at a boundary does not go back and forth. */
const BOUNDARIES = [
  { min: 0, max: 100, seconds: 0 },
  { min: 90, max: 500, seconds: 15 },
  { min: 450, max: 1000, seconds: 30 },
  { min: 900, max: 2000, seconds: 60 },
  { min: 1800, max: Number.POSITIVE_INFINITY, seconds: 300 },
] as const;

export const ttlController: ControllerFactory = () => {
  let count = 0;
  let step = 0;
  return {
    name: 'ttl-controller',
    watches: [
      {
        resource: 'nodes',
        keys: ({ type, object }, reader) => {
          const before = step;
          if (type === 'ADDED' && ++count > BOUNDARIES[step]!.max) step += 1;
          if (type === 'DELETED' && --count < BOUNDARIES[step]!.min) step -= 1;
          // Kubelets update their nodes all the time, so a changed boundary reaches each of them soon.
          if (step !== before) return reader.list('nodes').map(({ metadata }) => metadata.name ?? '');
          return type === 'DELETED' ? [] : [object.metadata.name ?? ''];
        },
      },
    ],
    sync(name, { client, reader }) {
      const node = reader.get<Node>('nodes', undefined, name);
      const wanted = String(BOUNDARIES[step]!.seconds);
      if (!node || node.metadata.annotations?.[ANNOTATION] === wanted) return undefined;
      const annotations = { ...node.metadata.annotations, [ANNOTATION]: wanted };
      const answer = client.update('nodes', { ...node, metadata: { ...node.metadata, annotations } });
      return answer.ok ? undefined : { retry: true };
    },
  };
};

/** What a node of a cluster that grew to this many nodes is annotated with. */
export function ttlAnnotation(nodes: number): Readonly<Record<string, string>> {
  return { [ANNOTATION]: String(BOUNDARIES.find(({ max }) => nodes <= max)?.seconds) };
}
