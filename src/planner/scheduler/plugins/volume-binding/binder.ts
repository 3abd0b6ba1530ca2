// Finds volumes for a pod's claims on a node, holds them, and has them bound.
// Behaviour: pkg/scheduler/framework/plugins/volumebinding/binder.go, Kubernetes v1.36.3.
import { goSort } from '../../../../apimachinery/go/sort.ts';
import { mustParseQuantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../../../schema/generated/types/core-v1.ts';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
} from '../../../../schema/generated/types/storage-v1.ts';
import { CSI_DRIVERS, CSI_NODES, PVCS, PVS } from '../../../../schema/resource-names.ts';
import {
  ANN_SELECTED_NODE,
  bindVolumeToClaim,
  claimClass,
  claimNameOf,
  delayBindingMode,
  findMatchingVolume,
  isFullyBound,
  matchesNodeAffinity,
  matchesTopologyTerms,
  NOT_SUPPORTED_PROVISIONER,
  requestedStorage,
  STORAGE_CLASSES,
  volumeClass,
  whyNotForPod,
} from '../../../storage/claims-and-volumes.ts';
import { migrationOfVolume, translateForNode } from '../../../storage/csi-migration.ts';
import { compileSelector } from '../../framework/label-set.ts';
import type { ClusterLister, ClusterWriter } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { AssumeCache } from './assume-cache.ts';

const ERR_REASON_BIND_CONFLICT = "node(s) didn't find available persistent volumes to bind";
const ERR_REASON_NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity";
const ERR_REASON_NOT_ENOUGH_SPACE = 'node(s) did not have enough free storage';
const ERR_REASON_PV_NOT_EXIST = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

const CSI_STORAGE_CAPACITIES = 'csistoragecapacities.storage.k8s.io';

export interface PodVolumeClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  readonly unboundImmediate: readonly PersistentVolumeClaim[];
  readonly unboundDelayed: readonly PersistentVolumeClaim[];
  /** By class: volumes that a delayed claim might take. */
  readonly candidates: ReadonlyMap<string, readonly PersistentVolume[]>;
}

interface StaticBinding {
  readonly volume: PersistentVolume;
  readonly claim: PersistentVolumeClaim;
}

/** What binding the pod to a node means for its volumes. */
export interface PodVolumes {
  readonly staticBindings: readonly StaticBinding[];
  /** Claims that the node's storage is to be provisioned for. */
  readonly provisions: readonly PersistentVolumeClaim[];
}

type Failure = { readonly error: string };
type VolumeSearch = { readonly volumes: PodVolumes } | { readonly reasons: readonly string[] } | Failure;

const NO_VOLUMES: readonly PersistentVolume[] = [];

export class VolumeBinder {
  readonly #objects: ClusterLister;
  readonly #claims: AssumeCache<PersistentVolumeClaim>;
  readonly #volumes: AssumeCache<PersistentVolume>;

  constructor(objects: ClusterLister) {
    this.#objects = objects;
    this.#claims = new AssumeCache(objects, PVCS);
    this.#volumes = new AssumeCache(objects, PVS);
  }

  podVolumeClaims(pod: PodInfo): PodVolumeClaims | Failure {
    const bound: PersistentVolumeClaim[] = [];
    const unboundImmediate: PersistentVolumeClaim[] = [];
    const unboundDelayed: PersistentVolumeClaim[] = [];
    const candidates = new Map<string, readonly PersistentVolume[]>();
    for (const volume of pod.spec.volumes ?? []) {
      const name = claimNameOf(pod, volume);
      if (name === undefined) continue;
      const claim = this.#claims.get(pod.namespace, name);
      if (!claim) {
        const key = `${pod.namespace}/${name}`;
        return { error: `error getting PVC "${key}": could not find v1.PersistentVolumeClaim "${key}"` };
      }
      const stranger = volume.ephemeral && whyNotForPod(pod, claim);
      if (stranger) return { error: stranger };
      if (isFullyBound(claim)) {
        bound.push(claim);
        continue;
      }
      const mode = delayBindingMode(claim, this.#objects);
      if ('error' in mode) return mode;
      (mode.isDelayed && !claim.spec.volumeName ? unboundDelayed : unboundImmediate).push(claim);
    }
    for (const claim of unboundDelayed) {
      const className = claimClass(claim);
      if (!candidates.has(className))
        candidates.set(
          className,
          this.#volumes
            .list()
            .filter((volume) => volumeClass(volume) === className)
            .sort(byName),
        );
    }
    return { bound, unboundImmediate, unboundDelayed, candidates };
  }

  /** Whether the claims have their volumes, which can be had on any node. Zones may stand in the labels of in-tree volumes. */
  isBoundEverywhere({ bound, unboundDelayed }: PodVolumeClaims): boolean {
    return (
      unboundDelayed.length === 0 &&
      bound.every((claim) => {
        const volume = this.#volumes.get(undefined, claim.spec.volumeName ?? '');
        if (!volume || volume.spec?.nodeAffinity || volume.metadata.labels) return false;
        return migrationOfVolume(volume)?.problem === undefined;
      })
    );
  }

  findPodVolumes({ bound, unboundDelayed, candidates }: PodVolumeClaims, node: Node): VolumeSearch {
    const reasons: string[] = [];
    const boundCheck = this.#checkBoundClaims(bound, node);
    if (typeof boundCheck === 'object') return boundCheck;
    let missing: string | undefined;
    if (boundCheck === ERR_REASON_NODE_CONFLICT) reasons.push(boundCheck);
    else missing = boundCheck;
    const found = unboundDelayed.length > 0 ? this.#placeClaims(unboundDelayed, candidates, node) : NOTHING_TO_DO;
    if ('error' in found) return found;
    if ('reason' in found) reasons.push(found.reason);
    if (missing) reasons.push(missing);
    return reasons.length > 0 || 'reason' in found ? { reasons } : { volumes: found };
  }

  /** Takes the volumes and claims for the pod in memory; whether everything was bound already. */
  assumePodVolumes(
    pod: PodInfo,
    nodeName: string,
    volumes: PodVolumes,
  ): { readonly allBound: boolean; readonly volumes: PodVolumes } {
    if (this.#areAllBound(pod)) return { allBound: true, volumes };
    const staticBindings = volumes.staticBindings.map(({ volume, claim }) => {
      const bound = bindVolumeToClaim(volume, claim);
      if (bound.isDirty) this.#volumes.assume(bound.volume);
      return { volume: bound.volume, claim };
    });
    const provisions = volumes.provisions.map((claim) => {
      const annotations = { ...claim.metadata.annotations, [ANN_SELECTED_NODE]: nodeName };
      const assumed = { ...claim, metadata: { ...claim.metadata, annotations } };
      this.#claims.assume(assumed);
      return assumed;
    });
    return { allBound: false, volumes: { staticBindings, provisions } };
  }

  revertAssumedPodVolumes({ staticBindings, provisions }: PodVolumes): void {
    for (const { volume } of staticBindings) this.#volumes.restore(volume);
    for (const claim of provisions) this.#claims.restore(claim);
  }

  /** Asks for the bindings; an error when a request is refused. */
  requestBindings({ staticBindings, provisions }: PodVolumes, writer: ClusterWriter): string | undefined {
    for (const { volume } of staticBindings) {
      const { ok, message } = writer.update(PVS, volume);
      if (!ok) return message ?? '';
    }
    for (const claim of provisions) {
      const { ok, message } = writer.update(PVCS, claim);
      if (!ok) return message ?? '';
    }
    return undefined;
  }

  /** Whether all is bound by now; an error when it never will be. */
  checkBindings({ staticBindings, provisions }: PodVolumes, node: Node): boolean | Failure {
    const nodeName = node.metadata.name ?? '';
    const csiNode = this.#csiNode(nodeName);
    for (const { volume, claim } of staticBindings) {
      const name = volume.metadata.name ?? '';
      const stored = this.#volumes.stored(undefined, name);
      if (!stored) return { error: `failed to check binding: persistentvolumes "${name}" not found` };
      const storedClaim = this.#claims.stored(claim.metadata.namespace, claim.metadata.name ?? '');
      if (!storedClaim)
        return {
          error: `failed to check binding: persistentvolumeclaims "${claim.metadata.namespace}/${claim.metadata.name}" not found`,
        };
      const translated = translateForNode(stored, csiNode);
      if (typeof translated === 'string') return { error: `failed to translate pv to csi: ${translated}` };
      if (!matchesNodeAffinity(translated, node)) return affinityFailure(name, nodeName);
      if (!stored.spec.claimRef?.uid) return { error: `ClaimRef got reset for pv "${name}"` };
      if (!isFullyBound(storedClaim)) return false;
    }
    for (const claim of provisions) {
      const { namespace, name = '' } = claim.metadata;
      const stored = this.#claims.stored(namespace, name);
      if (!stored)
        return { error: `failed to check provisioning pvc: persistentvolumeclaims "${namespace}/${name}" not found` };
      if (!stored.metadata.annotations) return { error: `selectedNode annotation reset for PVC "${name}"` };
      if (stored.metadata.annotations[ANN_SELECTED_NODE] !== nodeName)
        return { error: `provisioning failed for PVC "${name}"` };
      if (stored.spec.volumeName) {
        const volume = this.#volumes.stored(undefined, stored.spec.volumeName);
        if (!volume) return false;
        const translated = translateForNode(volume, csiNode);
        if (typeof translated === 'string') return { error: translated };
        if (!matchesNodeAffinity(translated, node)) return affinityFailure(stored.spec.volumeName, nodeName);
      }
      if (!isFullyBound(stored)) return false;
    }
    return true;
  }

  #csiNode(nodeName: string): CSINode | undefined {
    return this.#objects.get<CSINode>(CSI_NODES, undefined, nodeName);
  }

  #areAllBound(pod: PodInfo): boolean {
    return (pod.spec.volumes ?? []).every((volume) => {
      const name = claimNameOf(pod, volume);
      if (name === undefined) return true;
      const claim = this.#claims.get(pod.namespace, name);
      return claim !== undefined && isFullyBound(claim) && !(volume.ephemeral && whyNotForPod(pod, claim));
    });
  }

  #checkBoundClaims(claims: readonly PersistentVolumeClaim[], node: Node): string | Failure | undefined {
    const csiNode = claims.length > 0 ? this.#csiNode(node.metadata.name ?? '') : undefined;
    for (const { spec } of claims) {
      const volume = this.#volumes.get(undefined, spec.volumeName ?? '');
      if (!volume) return ERR_REASON_PV_NOT_EXIST;
      const translated = translateForNode(volume, csiNode);
      if (typeof translated === 'string') return { error: translated };
      if (!matchesNodeAffinity(translated, node)) return ERR_REASON_NODE_CONFLICT;
    }
    return undefined;
  }

  #placeClaims(
    claims: readonly PersistentVolumeClaim[],
    candidates: ReadonlyMap<string, readonly PersistentVolume[]>,
    node: Node,
  ): PodVolumes | { readonly reason: string } | Failure {
    const toProvision: PersistentVolumeClaim[] = [];
    const toMatch: PersistentVolumeClaim[] = [];
    for (const claim of claims) {
      const selected = claim.metadata.annotations?.[ANN_SELECTED_NODE];
      // An earlier attempt has sent the provisioner to another node.
      if (selected !== undefined && selected !== node.metadata.name) return { reason: ERR_REASON_BIND_CONFLICT };
      (selected === undefined ? toMatch : toProvision).push(claim);
    }
    goSort(toMatch, isSmaller);
    const staticBindings: StaticBinding[] = [];
    const taken = new Set<string>();
    for (const claim of toMatch) {
      const volume = findMatchingVolume(claim, candidates.get(claimClass(claim)) ?? NO_VOLUMES, node, taken);
      if (!volume) {
        toProvision.push(claim);
        continue;
      }
      taken.add(volume.metadata.name ?? '');
      staticBindings.push({ volume, claim });
    }
    for (const claim of toProvision) {
      const problem = this.#whyNotProvisioned(claim, node);
      if (problem) return problem;
    }
    return { staticBindings, provisions: toProvision };
  }

  #whyNotProvisioned(claim: PersistentVolumeClaim, node: Node): { readonly reason: string } | Failure | undefined {
    const className = claimClass(claim);
    if (className === '') return { error: `no class for claim "${claim.metadata.namespace}/${claim.metadata.name}"` };
    const storageClass = this.#objects.get<StorageClass>(STORAGE_CLASSES, undefined, className);
    if (!storageClass) return { error: `failed to find storage class "${className}"` };
    const { provisioner, allowedTopologies } = storageClass;
    if (!provisioner || provisioner === NOT_SUPPORTED_PROVISIONER) return { reason: ERR_REASON_BIND_CONFLICT };
    if (!matchesTopologyTerms(allowedTopologies, node)) return { reason: ERR_REASON_BIND_CONFLICT };
    return this.#hasEnoughCapacity(claim, className, provisioner, node)
      ? undefined
      : { reason: ERR_REASON_NOT_ENOUGH_SPACE };
  }

  /** Drivers that publish their capacity must have enough of it where the node can reach. */
  #hasEnoughCapacity(claim: PersistentVolumeClaim, className: string, provisioner: string, node: Node): boolean {
    const size = requestedStorage(claim);
    if (size === undefined) return true;
    const driver = this.#objects.get<CSIDriver>(CSI_DRIVERS, undefined, provisioner);
    if (!driver?.spec.storageCapacity) return true;
    return this.#objects.list<CSIStorageCapacity>(CSI_STORAGE_CAPACITIES).some((capacity) => {
      const limit = capacity.maximumVolumeSize ?? capacity.capacity;
      if (capacity.storageClassName !== className || limit === undefined) return false;
      if (mustParseQuantity(String(limit)).exactValue() < size.exactValue() || !capacity.nodeTopology) return false;
      return compileSelector(capacity.nodeTopology)?.matches(node.metadata.labels) ?? false;
    });
  }
}

const NOTHING_TO_DO: PodVolumes = { staticBindings: [], provisions: [] };

function affinityFailure(volume: string, node: string): Failure {
  return { error: `pv "${volume}" node affinity doesn't match node "${node}": no matching NodeSelectorTerms` };
}

function isSmaller(a: PersistentVolumeClaim, b: PersistentVolumeClaim): boolean {
  const [first, second] = [requestedStorage(a), requestedStorage(b)];
  if (second === undefined) return false;
  return first === undefined ? second.sign() > 0 : first.cmp(second) < 0;
}

function byName(a: PersistentVolume, b: PersistentVolume): number {
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}
