// Who is to be asked again in the second round of the mutating phase: those who wish to, if the object changed after they had seen it.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/mutating/reinvocationcontext.go, webhook/mutating/reinvocationcontext.go,
// Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';

export class Reinvoked {
  #lastOutput: KubeObject | undefined;
  #invoked = new Set<string>();
  readonly #wanted = new Set<string>();

  /** At the start of a round: in the second, other plugins may have changed the object since the first ended. */
  start(object: KubeObject | undefined, isReinvocation: boolean): void {
    if (isReinvocation && !semanticDeepEqual(this.#lastOutput, object)) this.changed();
  }

  end(object: KubeObject | undefined): void {
    this.#lastOutput = object;
  }

  /** The object is another one: all who were asked before and wish to see it are asked again. */
  changed(): void {
    for (const key of this.#invoked) this.#wanted.add(key);
    this.#invoked = new Set();
  }

  add(key: string): void {
    this.#invoked.add(key);
  }

  isWanted(key: string): boolean {
    return this.#wanted.has(key);
  }
}
