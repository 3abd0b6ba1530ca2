// Pods, or pod groups, by what their claims are made from or named, and pods by the group they are in.
// Behaviour: pkg/controller/resourceclaim/controller.go (the index functions), Kubernetes v1.36.3.

/** Users by the keys under which they are synced. */
export class ClaimUsers {
  readonly #users = new Map<string, Set<string>>();

  note(place: string, user: string, isGone: boolean): void {
    const users = this.#users.get(place) ?? new Set<string>();
    if (isGone) users.delete(user);
    else this.#users.set(place, users.add(user));
    if (users.size === 0) this.#users.delete(place);
  }

  of(place: string): readonly string[] {
    return [...(this.#users.get(place) ?? [])].sort();
  }
}

export function templatePlace(namespace: string | undefined, name: string): string {
  return `template:${namespace}/${name}`;
}

export function claimPlace(namespace: string | undefined, name: string): string {
  return `claim:${namespace}/${name}`;
}

export function membersPlace(namespace: string | undefined, group: string): string {
  return `members:${namespace}/${group}`;
}
