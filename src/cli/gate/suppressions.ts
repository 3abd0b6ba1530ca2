// Problems that users declare known: by an annotation on the object, an entry in the configuration file, or a baseline file. A known
// problem stays in every output, counted and with its reason; only no exit code comes of it.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { locate, type Manifest } from '../../manifests/manifest.ts';
import type { SuppressedProblem } from '../../planner/changes/plan.ts';
import { type Finding, fingerprint } from '../../report/findings/findings.ts';
import { addressOf } from '../../report/tree.ts';

export const IGNORE_ANNOTATION = 'kubeplan.dev/ignore';

/** An entry of the configuration file. */
export interface SuppressionRule {
  /** A finding's rule, `Unschedulable`; `*` for all. */
  readonly rule: string;
  /** `Deployment shop/web`, with `*` for any text; absent for every object. */
  readonly object?: string;
  readonly field?: string;
  readonly reason: string;
}

export interface Suppressing {
  readonly manifests: readonly Manifest[];
  readonly defaultNamespace: string;
  readonly rules?: readonly SuppressionRule[];
  readonly baseline?: ReadonlySet<string>;
}

export interface Suppressed {
  readonly suppressed: readonly SuppressedProblem[];
  /** Annotations that say nothing usable, and entries that match nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

export function suppress(findings: readonly Finding[], given: Suppressing): Suppressed {
  const { rules = [], baseline } = given;
  const { byAddress, diagnostics } = annotated(given);
  if (rules.length === 0 && !baseline && byAddress.size === 0) return { suppressed: [], diagnostics };
  const used = new Set<SuppressionRule>();
  const found = new Map<string, SuppressedProblem>();
  for (const finding of findings) {
    const print = fingerprint(finding);
    const own = byAddress.get(finding.root ?? (finding.object ? addressOf(finding.object) : ''));
    const note = own?.find((rule) => covers(rule, finding));
    const entry = rules.find((rule) => covers(rule, finding));
    if (entry) used.add(entry);
    const why = note
      ? ({ reason: note.reason, by: 'annotation' } as const)
      : entry
        ? ({ reason: entry.reason, by: 'configuration' } as const)
        : baseline?.has(print)
          ? ({ reason: 'in the baseline', by: 'baseline' } as const)
          : undefined;
    if (!why || found.has(print)) continue;
    const { rule, object } = finding;
    found.set(print, { fingerprint: print, rule, ...(object ? { object } : {}), ...why });
  }
  const unused = rules
    .filter((rule) => !used.has(rule))
    .map(
      ({ rule, object }): Diagnostic => ({
        severity: 'info',
        code: 'UnusedSuppression',
        message: `the configuration suppresses ${rule}${object ? ` of ${object}` : ''}, and there is no such problem`,
        nextStep: 'Remove the entry, or check the spelling of its rule and object.',
      }),
    );
  return { suppressed: [...found.values()], diagnostics: [...diagnostics, ...unused] };
}

function covers({ rule, object, field }: SuppressionRule, finding: Finding): boolean {
  if (rule !== '*' && rule !== finding.rule) return false;
  if (field !== undefined && field !== finding.field) return false;
  if (object === undefined) return true;
  const pattern = new RegExp(`^${object.split('*').map(escaped).join('.*')}$`);
  return pattern.test(finding.object ? addressOf(finding.object) : '') || pattern.test(finding.root ?? '');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

interface Annotated {
  readonly byAddress: ReadonlyMap<string, readonly SuppressionRule[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** `Rule[,Rule]: reason`, one a line. */
function annotated({ manifests, defaultNamespace }: Suppressing): Annotated {
  const byAddress = new Map<string, SuppressionRule[]>();
  const diagnostics: Diagnostic[] = [];
  for (const manifest of manifests) {
    const text = annotationOf(manifest);
    if (text === undefined) continue;
    const { kind, name, namespace = defaultNamespace } = manifest;
    const rules = text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .flatMap((line): SuppressionRule[] => {
        const [, names = '', reason = ''] = /^([^:]*):?(.*)$/.exec(line) ?? [];
        if (reason.trim() === '') {
          diagnostics.push(withoutReason(manifest));
          return [];
        }
        return names.split(',').map((rule) => ({ rule: rule.trim(), reason: reason.trim() }));
      });
    // Whether the kind has namespaces is the API server's to know: the object answers to both addresses.
    for (const address of [addressOf({ kind, name }), addressOf({ kind, name, namespace })])
      byAddress.set(address, [...(byAddress.get(address) ?? []), ...rules]);
  }
  return { byAddress, diagnostics };
}

function annotationOf({ value }: Manifest): string | undefined {
  const { annotations } = (value['metadata'] ?? {}) as { readonly annotations?: unknown };
  const text = (annotations as Readonly<Record<string, unknown>> | null | undefined)?.[IGNORE_ANNOTATION];
  return typeof text === 'string' ? text : undefined;
}

function withoutReason(manifest: Manifest): Diagnostic {
  const { apiVersion, kind, name, namespace } = manifest;
  const field = `metadata.annotations[${IGNORE_ANNOTATION}]`;
  return {
    severity: 'warning',
    code: 'SuppressionWithoutReason',
    message: 'it suppresses nothing, since it gives no reason',
    object: { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name },
    field,
    source: locate(manifest, field),
    nextStep: `Write ${IGNORE_ANNOTATION}: "Unschedulable: why this is fine".`,
  };
}
