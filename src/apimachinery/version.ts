// Versions of Kubernetes ("1.36") and of APIs ("v1beta2"), and which comes first.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/version/helpers.go and pkg/util/version, Kubernetes v1.36.3.

interface MinorVersion {
  readonly major: number;
  readonly minor: number;
}

/** "1.36", "v1.36", "1.36.3" or "v1.36.3+build": undefined for anything else. */
export function parseMinorVersion(text: string): MinorVersion | undefined {
  const match = /^v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)(?:[-+].*)?)?$/.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

export function compareMinorVersions(a: MinorVersion, b: MinorVersion): number {
  return a.major - b.major || a.minor - b.minor;
}

const STABILITY: Readonly<Record<string, number>> = { alpha: 0, beta: 1, '': 2 };

interface ApiVersion {
  readonly major: number;
  readonly stability: number;
  readonly iteration: number;
}

function parseApiVersion(text: string): ApiVersion | undefined {
  const match = /^v([0-9]+)(?:(alpha|beta)([0-9]+))?$/.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), stability: STABILITY[match[2] ?? ''] ?? 2, iteration: Number(match[3] ?? 0) };
}

/**
 * The order in which discovery prefers versions, most preferred last: v1alpha1 < v1beta1 < v1 < v2.
 * Texts that are no Kubernetes version come before all others, the alphabetically first of them being preferred.
 */
export function compareApiVersions(a: string, b: string): number {
  if (a === b) return 0;
  const x = parseApiVersion(a);
  const y = parseApiVersion(b);
  if (x === undefined || y === undefined) {
    if (x !== undefined) return 1;
    if (y !== undefined) return -1;
    return a < b ? 1 : -1;
  }
  return x.stability - y.stability || x.major - y.major || x.iteration - y.iteration;
}
