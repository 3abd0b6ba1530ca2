// How patient the monitor of nodes is and how fast it evicts, by the flags of kube-controller-manager.
// Behaviour: cmd/kube-controller-manager/app/options/nodelifecyclecontroller.go and pkg/controller/nodelifecycle/config, Kubernetes v1.36.3.
import { durationMillis } from '../../../apimachinery/time/duration.ts';

export interface NodeLifecycleSettings {
  /** Milliseconds, as all times here. */
  readonly period: number;
  readonly graceAfterStatus: number;
  readonly graceAtStartup: number;
  /** Nodes a second. */
  readonly evictionRate: number;
  readonly secondaryRate: number;
  /** Nodes of a zone above which partial disruption slows evictions down instead of stopping them. */
  readonly largeCluster: number;
  readonly unhealthyThreshold: number;
}

export function settingsOf(flags: Readonly<Record<string, string>>): NodeLifecycleSettings {
  const millis = (flag: string, fallback: string) =>
    durationMillis(flags[flag] ?? fallback) ?? durationMillis(fallback)!;
  const number = (flag: string, fallback: number) => Number(flags[flag] ?? fallback);
  return {
    period: millis('node-monitor-period', '5s'),
    graceAfterStatus: millis('node-monitor-grace-period', '50s'),
    graceAtStartup: millis('node-startup-grace-period', '1m'),
    evictionRate: number('node-eviction-rate', 0.1),
    secondaryRate: number('secondary-node-eviction-rate', 0.01),
    largeCluster: number('large-cluster-size-threshold', 50),
    unhealthyThreshold: number('unhealthy-zone-threshold', 0.55),
  };
}
