// Whether a pod tolerates the taints of a node.
// Behaviour: staging/src/k8s.io/api/core/v1/toleration.go, taint.go and component-helpers/scheduling/corev1/helpers.go, Kubernetes v1.36.3.
import { parseGoInt } from '../apimachinery/go/int.ts';
import { isDecimalInteger } from '../apimachinery/validation/names.ts';

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

interface TolerationOptions {
  /** The gate TaintTolerationComparisonOperators, off by default: without it Lt and Gt tolerate nothing. */
  readonly comparisonOperators?: boolean;
}

const DEFAULTS: TolerationOptions = {};

/** No effect tolerates every effect, no key every key; no operator means Equal. */
export function toleratesTaint(toleration: Toleration, taint: Taint, options: TolerationOptions = DEFAULTS): boolean {
  const { key = '', operator = '', value = '', effect = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  switch (operator) {
    case '':
    case 'Equal':
      return value === (taint.value ?? '');
    case 'Exists':
      return true;
    case 'Lt':
    case 'Gt':
      return options.comparisonOperators === true && compares(operator, value, taint.value ?? '');
    default:
      return false;
  }
}

function compares(operator: 'Lt' | 'Gt', toleration: string, taint: string): boolean {
  const limit = strictInteger(toleration);
  const value = strictInteger(taint);
  if (limit === undefined || value === undefined) return false;
  return operator === 'Lt' ? value < limit : value > limit;
}

function strictInteger(text: string): bigint | undefined {
  if (isDecimalInteger(text).length > 0) return undefined;
  const parsed = parseGoInt(text, 64, 'ParseInt');
  return parsed.ok ? parsed.value : undefined;
}

export function tolerationsTolerateTaint(
  tolerations: readonly Toleration[] | undefined,
  taint: Taint,
  options: TolerationOptions = DEFAULTS,
): boolean {
  if (tolerations === undefined) return false;
  if (tolerations.length <= SHORT) return isAnyTolerating(tolerations, taint, options);
  const byKey = tolerationsByKey(tolerations);
  return (
    isAnyTolerating(byKey.get(taint.key) ?? [], taint, options) || isAnyTolerating(byKey.get('') ?? [], taint, options)
  );
}

function isAnyTolerating(tolerations: readonly Toleration[], taint: Taint, options: TolerationOptions): boolean {
  for (const toleration of tolerations) if (toleratesTaint(toleration, taint, options)) return true;
  return false;
}

/** Lists that are looked through one by one. */
const SHORT = 16;

const keyed = new WeakMap<readonly Toleration[], ReadonlyMap<string, readonly Toleration[]>>();

/** Those for every key stand under the empty text. */
function tolerationsByKey(tolerations: readonly Toleration[]): ReadonlyMap<string, readonly Toleration[]> {
  const known = keyed.get(tolerations);
  if (known) return known;
  const byKey = new Map<string, Toleration[]>();
  for (const toleration of tolerations) {
    const { key = '' } = toleration;
    const same = byKey.get(key);
    if (same) same.push(toleration);
    else byKey.set(key, [toleration]);
  }
  keyed.set(tolerations, byKey);
  return byKey;
}

/** The first taint, among those the filter lets through, that no toleration tolerates. */
export function findMatchingUntoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  filter?: (taint: Taint) => boolean,
  options: TolerationOptions = DEFAULTS,
): Taint | undefined {
  if (taints === undefined) return undefined;
  for (const taint of taints) {
    if (filter !== undefined && !filter(taint)) continue;
    if (!tolerationsTolerateTaint(tolerations, taint, options)) return taint;
  }
  return undefined;
}

/** The taints that keep a pod off a node when it is scheduled. */
export function preventsScheduling(taint: Taint): boolean {
  return taint.effect === 'NoSchedule' || taint.effect === 'NoExecute';
}

export function matchToleration(a: Toleration, b: Toleration): boolean {
  return (
    (a.key ?? '') === (b.key ?? '') &&
    (a.effect ?? '') === (b.effect ?? '') &&
    (a.operator ?? '') === (b.operator ?? '') &&
    (a.value ?? '') === (b.value ?? '')
  );
}

/** "key=value:effect", leaving out what is empty. */
export function taintText(taint: Taint): string {
  const value = taint.value ?? '';
  if (taint.effect === '') return value === '' ? taint.key : `${taint.key}=${value}:`;
  return value === '' ? `${taint.key}:${taint.effect}` : `${taint.key}=${value}:${taint.effect}`;
}
