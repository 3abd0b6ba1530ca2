// What names stand for while an expression is evaluated.
// Behaviour: cel-go v0.26.0 interpreter/activation.go.
import type { CelValue } from '../values/value.ts';
import type { CostTracker } from './cost-tracker.ts';

export interface Activation {
  readonly tracker: CostTracker | undefined;
  resolve(name: string): CelValue | undefined;
}

/** For parts that are evaluated once, while the program is made: they cost nothing. */
export const NOTHING: Activation = { tracker: undefined, resolve: () => undefined };
