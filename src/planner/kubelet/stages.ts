// The table form of a life cycle: when an object looks like this, after this delay, this becomes of it.
// Role: kwok's Stage objects, with functions instead of templates.
import type { KubeObject } from '../../apimachinery/object.ts';

export interface Stage<T extends KubeObject, World> {
  readonly name: string;
  matches(object: T, world: World): boolean;
  /** Simulated milliseconds that the object stays as it is before the stage acts; 0 when absent. */
  delay?(object: T, world: World): number;
  /** The wait alone does not keep the cluster from counting as settled. */
  isRoutine?(object: T, world: World): boolean;
  /** What becomes of the object: a status to write, or its removal. */
  next(object: T, world: World): StageOutcome<T>;
}

interface StageEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

type StageOutcome<T> =
  | { readonly write: T; readonly event?: StageEvent }
  | { readonly remove: true }
  /** Nothing can be done now; look again when the object or its surroundings change. */
  | { readonly blocked: true }
  /** It stays as it is. */
  | { readonly idle: true };

type StageStep<T> = { readonly wait: number; readonly routine: boolean } | StageOutcome<T> | undefined;

/** Runs a table of stages; remembers since when each object waits in its stage. */
export class StageRunner<T extends KubeObject, World> {
  readonly #stages: readonly Stage<T, World>[];
  readonly #since = new Map<string, { readonly stage: string; readonly uid: string; readonly at: number }>();

  constructor(stages: readonly Stage<T, World>[]) {
    this.#stages = stages;
  }

  /** What is to be done now with the object; undefined when no stage applies. */
  step(key: string, object: T, now: number, world: World): StageStep<T> {
    const stage = this.#stageOf(object, world);
    if (!stage) {
      this.#since.delete(key);
      return undefined;
    }
    const delay = stage.delay?.(object, world) ?? 0;
    if (delay > 0) {
      const { uid = '' } = object.metadata;
      const entered = this.#since.get(key);
      const isSame = entered?.stage === stage.name && entered.uid === uid;
      const at = isSame ? entered.at : now;
      if (!isSame) this.#since.set(key, { stage: stage.name, uid, at });
      if (now < at + delay) return { wait: at + delay - now, routine: stage.isRoutine?.(object, world) ?? false };
    }
    const outcome = stage.next(object, world);
    if (!('blocked' in outcome)) this.#since.delete(key);
    return outcome;
  }

  #stageOf(object: T, world: World): Stage<T, World> | undefined {
    for (const stage of this.#stages) if (stage.matches(object, world)) return stage;
    return undefined;
  }

  get hasWaiting(): boolean {
    return this.#since.size > 0;
  }

  /** Whether the object waits for the end of a delay. */
  isWaiting(key: string): boolean {
    return this.#since.has(key);
  }

  forget(key: string): void {
    this.#since.delete(key);
  }
}
