// Every output of an explanation by its -o name, loaded when asked for.
import type { Explanation } from '../../planner/explain/pod-explanation.ts';

export interface ExplanationOptions {
  readonly color: boolean;
  /** Show every node. */
  readonly full: boolean;
}

type Load = () => Promise<(explanation: Explanation, options: ExplanationOptions) => string>;

export const explanationReporters: Readonly<Record<string, Load>> = {
  text: async () => (await import('./text.ts')).explanationText,
  json: async () => (explanation) => `${JSON.stringify(explanation, null, 2)}\n`,
};
