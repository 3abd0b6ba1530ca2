// What a plan takes for granted because nobody offline can know it, each with how to say otherwise.
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';

const CONTAINERS =
  'Images are present, containers start at once and become ready, Jobs succeed. Say otherwise per pod with the annotation kubeplan.dev/outcome: never-ready | fail | running | pending.';
const NAMES = 'Names that Kubernetes would make up at random, addresses and uids are made up in a fixed order.';

export function assumptionsOf(reader: ClusterReader, further: readonly string[]): string[] {
  const hasPods = reader.list('pods').length > 0;
  return [...further, ...(hasPods ? [CONTAINERS, NAMES] : [])];
}
