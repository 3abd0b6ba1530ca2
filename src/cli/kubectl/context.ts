// What a kubectl command works on.
import type { ClusterView } from './cluster-view.ts';

export interface KubectlContext {
  readonly view: ClusterView;
  /** The moment ages are counted from, in milliseconds. */
  readonly now: number;
}
