// What the plugins of one scheduling cycle leave for one another and for their own later extension points.
// Behaviour: pkg/scheduler/framework/cycle_state.go, Kubernetes v1.36.3.

declare const typeOfState: unique symbol;

/** Names a piece of state and its type: `stateKey<FitState>('PreFilterNodeResourcesFit')`. */
interface StateKey<T> {
  readonly name: string;
  readonly [typeOfState]?: T;
}

export function stateKey<T>(name: string): StateKey<T> {
  return { name };
}

/** State that preemption changes while it tries things out; everything else is shared between copies. */
interface CloneableState {
  clone(): CloneableState;
}

export class CycleState {
  readonly #data = new Map<string, unknown>();
  skipFilterPlugins: ReadonlySet<string> = NONE;
  skipScorePlugins: ReadonlySet<string> = NONE;
  /** Set while a whole pod group is looked at: what the plugins remember from pod to pod of it. */
  podGroup: CycleState | undefined;

  read<T>(key: StateKey<T>): T | undefined {
    // Only `write` with the same key puts something there, so the type is the key's.
    return this.#data.get(key.name) as T | undefined;
  }

  write<T>(key: StateKey<T>, value: T): void {
    this.#data.set(key.name, value);
  }

  clone(): CycleState {
    const copy = new CycleState();
    for (const [name, value] of this.#data) copy.#data.set(name, isCloneable(value) ? value.clone() : value);
    copy.skipFilterPlugins = this.skipFilterPlugins;
    copy.skipScorePlugins = this.skipScorePlugins;
    copy.podGroup = this.podGroup;
    return copy;
  }
}

const NONE: ReadonlySet<string> = new Set();

function isCloneable(value: unknown): value is CloneableState {
  return typeof value === 'object' && value !== null && 'clone' in value;
}
