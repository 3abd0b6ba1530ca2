// What a kubectl command works on.
import type { FileReader } from '../../manifests/read.ts';
import type { KubectlCluster } from '../../planner/apply/kubectl/session.ts';
import type { ClusterView } from './cluster-view.ts';

export interface KubectlContext {
  readonly view: ClusterView;
  /** The moment ages are counted from, in milliseconds. */
  readonly now: number;
  readonly files: FileReader;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The API server that verbs write to. */
  cluster(): KubectlCluster;
  /** The text as the user's editor leaves it; absent where there is none. */
  readonly edit?: (text: string) => string;
  /** Lets simulated time pass; absent where the cluster stands still. */
  readonly wait?: (millis: number) => void;
}
