// Which nodes admit a pod and which of them is the best, from the parts that its class shares.
import type { Nominator } from '../cache/nominator.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import type { Epoch } from './epoch.ts';
import type { ClaimPart } from './parts/claim-part.ts';
import type { ClassParts } from './parts/class-parts.ts';

/** The best nodes to ask about volumes one by one before asking about all. */
const MOST_TRIES = 16;

/** A pod with what is known about it before nodes are looked at. */
export interface Search {
  readonly epoch: Epoch;
  readonly pod: PodInfo;
  readonly parts: ClassParts;
  readonly nominator: Nominator;
  readonly volumes: ClaimPart | undefined;
  /** Number of the node that is promised to the pod. */
  readonly promised: number | undefined;
}

export function findNode(search: Search): number | undefined {
  const { epoch, pod, parts } = search;
  const { nodes, table } = epoch;
  parts.local.refresh(pod.uid, search.promised);
  parts.affinity?.refresh();
  const nominated = pod.status.nominatedNodeName;
  const nominee = nominated ? table.numberOf(nominated) : undefined;
  if (nominee === undefined) {
    const node = bestOfGroups(search);
    if (node !== 'unknown') return node;
    if (isLocal(parts)) {
      const best = bestLocal(search);
      if (best !== 'unknown') return best;
    }
  }
  // The promised node, if it still admits the pod, is taken without comparing it with others.
  if (nominee !== undefined && findFeasible(search, nominee) === 1) return nominee;
  const size = findFeasible(search);
  if (size === undefined || size === 0) return undefined;
  if (size === 1) return nodes[0];
  scoreNodes(epoch, parts, size);
  return best(nodes, size, epoch.totals);
}

/** The best node by groups of nodes that are alike; unknown when something has to be asked of each node. */
function bestOfGroups(search: Search): number | 'unknown' | undefined {
  const { epoch, pod, parts, volumes, nominator, promised } = search;
  if (promised !== undefined || volumes?.admitsAll === false) return 'unknown';
  const { hard, affinity } = parts;
  if ((hard !== undefined || affinity?.hasFilter === true) && isAnyPromised(nominator, pod)) return 'unknown';
  const { nodes, sizes, totals } = epoch;
  let size = parts.likeNodes()?.refresh(nodes, sizes);
  if (size === undefined) return 'unknown';
  if (hard) size = hard.filter(nodes, size);
  if (affinity?.hasFilter) size = affinity.filter(nodes, size);
  if (size === 0) return undefined;
  if (size === 1) return nodes[0];
  scoreNodes(epoch, parts, size, sizes);
  return best(nodes, size, totals);
}

function bestLocal(search: Search): number | 'unknown' | undefined {
  const {
    epoch: { table },
    parts: { local },
    volumes,
  } = search;
  if (!volumes || volumes.admitsAll) return local.best();
  // Pods with a promise bring volumes of their own.
  if (isAnyPromised(search.nominator, search.pod)) return 'unknown';
  const refused = new Set<number>();
  while (refused.size < MOST_TRIES) {
    const node = local.best(refused);
    if (node === undefined || volumes.admits(table.nodes[node]!)) return node;
    refused.add(node);
  }
  return 'unknown';
}

/** Whether nothing but each node and its pods has a say: then the best node is kept track of. */
function isLocal({ staticPart, images, hard, soft, affinity }: ClassParts): boolean {
  const { admitsAll, raw } = staticPart;
  return admitsAll && raw.length === 0 && !images && !hard && !soft && !affinity?.isRelevant;
}

/** Fills in the numbers of the nodes that admit the pod, of all or of one; undefined when the plain path has to find out. */
export function findFeasible(
  { epoch: { table, nodes }, pod, parts, volumes, nominator }: Search,
  only?: number,
): number | undefined {
  const { staticPart, local, hard, affinity } = parts;
  const isRelated = hard !== undefined || affinity?.hasFilter === true || volumes?.admitsAll === false;
  // How pods with the promise of a node would count there is for the plain path.
  if (isRelated && isAnyPromised(nominator, pod)) return undefined;
  const { mask, admitsAll } = staticPart;
  const { totals } = local;
  const end = only === undefined ? totals.length : only + 1;
  let size = 0;
  for (let i = only ?? 0; i < end; i++) if (totals[i]! >= 0 && (admitsAll || mask[i] === 1)) nodes[size++] = i;
  if (hard) size = hard.filter(nodes, size);
  if (affinity?.hasFilter) size = affinity.filter(nodes, size);
  if (!volumes || volumes.admitsAll) return size;
  let kept = 0;
  for (let k = 0; k < size; k++) if (volumes.admits(table.nodes[nodes[k]!]!)) nodes[kept++] = nodes[k]!;
  return kept;
}

/** Whether another pod that is as important has the promise of a node. */
export function isAnyPromised(nominator: Nominator, pod: PodInfo): boolean {
  if (nominator.isEmpty) return false;
  for (const name of nominator.nodes())
    for (const { priority, uid } of nominator.nominatedPodsForNode(name))
      if (priority >= pod.priority && uid !== pod.uid) return true;
  return false;
}

export function scoreNodes(
  { nodes, totals }: Epoch,
  { staticPart, local, images, soft, affinity }: ClassParts,
  size: number,
  sizes?: Int32Array,
): void {
  const { raw, constant } = staticPart;
  for (let k = 0; k < size; k++) {
    const node = nodes[k]!;
    totals[node] = local.totals[node]! + constant + (images ? images[node]! : 0);
  }
  for (const { scores, weight, reverse } of raw) addNormalized(totals, nodes, size, scores, weight, reverse);
  soft?.addTo(totals, nodes, size, sizes);
  affinity?.addTo(totals, nodes, size);
}

/** The first of the best: nodes are numbered in the order of their names. */
function best(nodes: Int32Array, size: number, totals: Float64Array): number {
  let found = nodes[0]!;
  for (let k = 1; k < size; k++) {
    const node = nodes[k]!;
    if (totals[node]! > totals[found]! || (totals[node]! === totals[found]! && node < found)) found = node;
  }
  return found;
}

/** As defaultNormalizeScore: a whole percentage of the greatest score. */
function addNormalized(
  totals: Float64Array,
  nodes: Int32Array,
  size: number,
  scores: Int32Array,
  weight: number,
  reverse: boolean,
): void {
  let max = 0;
  for (let k = 0; k < size; k++) if (scores[nodes[k]!]! > max) max = scores[nodes[k]!]!;
  for (let k = 0; k < size; k++) {
    const node = nodes[k]!;
    const score = max === 0 ? 0 : Math.floor((scores[node]! * 100) / max);
    totals[node]! += weight * (reverse ? 100 - score : score);
  }
}
