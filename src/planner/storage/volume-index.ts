// Finds the volume that suits a claim best.
// Behaviour: pkg/controller/volume/persistentvolume/index.go, component-helpers/storage/volume/pv_helpers.go (FindMatchingVolume), Kubernetes v1.36.3.
// Differs: volumes of the same size, and sets of access modes of the same number, come in a Go map's order there and by name here.
import { mustParseQuantity } from '../../apimachinery/quantity/quantity.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';
import { PVS } from '../../schema/resource-names.ts';
import { compileLabelSelector } from '../../selectors/label-selector.ts';
import { volumeCapacity } from './claim-size.ts';
import { claimClass, isVolumeBoundToClaim, requestedStorage, volumeClass } from './claims-and-volumes.ts';

const ORDER = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
const ZERO = mustParseQuantity('0');

/** Unclaimed volumes by class and access modes, claimed ones by claim. */
export class VolumeIndex {
  readonly #unclaimed = new Map<string, Map<string, Set<string>>>();
  readonly #claimed = new Map<string, Set<string>>();

  note({ type, object, previous }: StoreEvent): void {
    if (previous) this.#remove(previous as PersistentVolume);
    if (type === 'DELETED') this.#remove(object as PersistentVolume);
    else this.#add(object as PersistentVolume);
  }

  /**
   * A volume that names the claim, else the smallest that is available, of the fewest access modes.
   * Of claims that wait for their consumer only the former: for the others the scheduler decides.
   */
  find(claim: PersistentVolumeClaim, isDelayed: boolean, reader: ClusterReader): PersistentVolume | undefined {
    const modes = modesText(claim.spec.accessModes);
    const wanted = modes === '' ? [] : modes.split(',');
    const { namespace, name } = claim.metadata;
    const named = volumesOf(this.#claimed.get(`${namespace}/${name}`), reader);
    const available =
      (isDelayed ? undefined : this.#unclaimed.get(claimClass(claim))) ?? new Map<string, Set<string>>();
    const groups = new Set([...available.keys(), ...named.map(({ spec }) => modesText(spec.accessModes))]);
    const suitable = [...groups]
      .map((text) => ({ text, modes: text.split(',') }))
      .filter((group) => wanted.every((mode) => group.modes.includes(mode)))
      .sort((a, b) => a.modes.length - b.modes.length || (a.text < b.text ? -1 : 1));
    for (const { text } of suitable) {
      const ofGroup = named.filter(({ spec }) => modesText(spec.accessModes) === text);
      const best = bestOf(claim, ofGroup, volumesOf(available.get(text), reader));
      if (best) return best;
    }
    return undefined;
  }

  #add(volume: PersistentVolume): void {
    const { metadata, spec } = volume;
    if (spec.claimRef) {
      const key = `${spec.claimRef.namespace}/${spec.claimRef.name}`;
      this.#claimed.set(key, (this.#claimed.get(key) ?? new Set()).add(metadata.name ?? ''));
      return;
    }
    const byModes = this.#unclaimed.get(volumeClass(volume)) ?? new Map<string, Set<string>>();
    const modes = modesText(spec.accessModes);
    byModes.set(modes, (byModes.get(modes) ?? new Set()).add(metadata.name ?? ''));
    this.#unclaimed.set(volumeClass(volume), byModes);
  }

  #remove(volume: PersistentVolume): void {
    const { metadata, spec } = volume;
    const name = metadata.name ?? '';
    if (spec.claimRef) this.#claimed.get(`${spec.claimRef.namespace}/${spec.claimRef.name}`)?.delete(name);
    else this.#unclaimed.get(volumeClass(volume))?.get(modesText(spec.accessModes))?.delete(name);
  }
}

function volumesOf(names: ReadonlySet<string> | undefined, reader: ClusterReader): readonly PersistentVolume[] {
  if (!names || names.size === 0) return [];
  return [...names].sort().flatMap((name) => reader.get<PersistentVolume>(PVS, undefined, name) ?? []);
}

function bestOf(
  claim: PersistentVolumeClaim,
  named: readonly PersistentVolume[],
  available: readonly PersistentVolume[],
): PersistentVolume | undefined {
  const requested = requestedStorage(claim) ?? ZERO;
  const fits = (volume: PersistentVolume): boolean =>
    volumeCapacity(volume).cmp(requested) >= 0 &&
    hasSameMode(claim, volume) &&
    hasSameAttributesClass(claim, volume) &&
    volume.metadata.deletionTimestamp === undefined;
  const reserved = named.find((volume) => isVolumeBoundToClaim(volume, claim) && fits(volume));
  if (reserved) return reserved;
  const selector = claim.spec.selector && compileLabelSelector(claim.spec.selector);
  let smallest: PersistentVolume | undefined;
  for (const volume of available) {
    const { metadata, spec, status } = volume;
    if (spec.claimRef || status.phase !== 'Available' || !fits(volume)) continue;
    if (selector && !selector.matches(metadata.labels)) continue;
    if (!smallest || volumeCapacity(smallest).cmp(volumeCapacity(volume)) > 0) smallest = volume;
  }
  return smallest;
}

/** Why the volume that a claim asks for by name does not do; undefined when it does. */
export function whyNotSatisfied(claim: PersistentVolumeClaim, volume: PersistentVolume): string | undefined {
  const { metadata, spec } = volume;
  if (metadata.deletionTimestamp !== undefined) return `the volume is marked for deletion "${metadata.name}"`;
  if (volumeCapacity(volume).exactValue() < (requestedStorage(claim) ?? ZERO).exactValue())
    return 'requested PV is too small';
  if (volumeClass(volume) !== claimClass(claim)) return 'storageClassName does not match';
  if (!hasSameAttributesClass(claim, volume)) return 'volumeAttributesClassName does not match';
  if (!hasSameMode(claim, volume)) return 'incompatible volumeMode';
  if (!(claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)))
    return 'incompatible accessMode';
  return undefined;
}

export function hasSameMode({ spec: claim }: PersistentVolumeClaim, { spec: volume }: PersistentVolume): boolean {
  return (claim.volumeMode ?? 'Filesystem') === (volume.volumeMode ?? 'Filesystem');
}

function hasSameAttributesClass({ spec: claim }: PersistentVolumeClaim, { spec: volume }: PersistentVolume): boolean {
  return (claim.volumeAttributesClassName ?? '') === (volume.volumeAttributesClassName ?? '');
}

function modesText(modes: readonly string[] = []): string {
  return ORDER.filter((mode) => modes.includes(mode)).join(',');
}
