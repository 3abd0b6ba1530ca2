// Which autoscalers select which pods: a pod that several of them select is nobody's to count.
// Behaviour: pkg/controller/podautoscaler/horizontal.go (hpaSelectors), Kubernetes v1.36.3.
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import { SelectorIndex } from '../pod-control/selector-index.ts';

/** The selectors of all autoscalers seen so far, to tell when two of them claim a pod. */
export class AutoscalerSelectors {
  readonly #index = new SelectorIndex();
  readonly #selectors = new Map<string, Selector>();

  set(key: string, namespace: string, selector: Selector): void {
    const pairs: Record<string, string> = {};
    for (const { key: label, operator, values } of selector.requirements)
      if ((operator === '=' || operator === '==' || operator === 'in') && values.length === 1)
        pairs[label] = values[0]!;
    this.#index.set(key, namespace, pairs);
    this.#selectors.set(key, selector);
  }

  forget(key: string): void {
    this.#index.set(key, '', undefined);
    this.#selectors.delete(key);
  }

  /** Autoscalers that select any of the pods, by key. */
  selecting(pods: readonly Pod[]): readonly string[] {
    const found = new Set<string>();
    for (const { metadata } of pods)
      for (const key of this.#index.find(metadata.namespace ?? '', metadata.labels))
        if (this.#selectors.get(key)?.matches(metadata.labels)) found.add(key);
    return [...found].sort();
  }
}
