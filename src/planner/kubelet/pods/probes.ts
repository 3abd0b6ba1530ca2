// How long the probes of a pod take until it counts as ready, if all of them succeed at once.
// Behaviour: pkg/kubelet/prober/worker.go (run, doProbe), Kubernetes v1.36.3.
import type { Container, Pod, Probe } from '../../../schema/generated/types/core-v1.ts';

const DEFAULT_PERIOD = 10;
const NONE: readonly Container[] = [];

/** Milliseconds from the start of the containers until the slowest is ready. */
export function probesTake({ spec }: Pod): number {
  let longest = 0;
  for (const container of spec.initContainers ?? NONE)
    if (container.restartPolicy === 'Always') longest = Math.max(longest, containerTakes(container));
  for (const container of spec.containers ?? NONE) longest = Math.max(longest, containerTakes(container));
  return longest;
}

function containerTakes({ startupProbe, readinessProbe }: Container): number {
  const started = startupProbe ? probeTakes(startupProbe, 0) : 0;
  // Once started, the other probes are asked without waiting for their next turn.
  return readinessProbe ? started + probeTakes(readinessProbe, started) : started;
}

/** From the first turn, every period: the first turn not before the initial delay, then as many as it takes to succeed. */
function probeTakes({ initialDelaySeconds = 0, periodSeconds, successThreshold = 1 }: Probe, running: number): number {
  const period = (periodSeconds || DEFAULT_PERIOD) * 1000;
  const delay = Math.max(0, initialDelaySeconds * 1000 - running);
  const firstTurn = Math.ceil(delay / period) * period;
  return firstTurn + (Math.max(successThreshold, 1) - 1) * period;
}
