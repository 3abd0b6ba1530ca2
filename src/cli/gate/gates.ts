// What makes a run fail: problems that nobody declared known, and what --fail-on adds to them.
import type { Action, Plan } from '../../planner/changes/plan.ts';
import type { Finding, FindingKind } from '../../report/findings/findings.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

const ACTIONS = ['create', 'update', 'replace', 'delete'] as const satisfies readonly Action[];
const KINDS = ['refused', 'pending', 'stalled', 'unknown'] as const satisfies readonly FindingKind[];
const GATES = [...KINDS, 'warnings', 'changes', ...ACTIONS] as const;
type Gate = (typeof GATES)[number];
/** Stands for no gate at all: a run that only reports. */
const NONE = 'none';

interface GateResult {
  readonly code: ExitCode;
  /** What --fail-on found, one line each; what fails by itself is in the outputs. */
  readonly reasons: readonly string[];
}

/** The gates of `--fail-on LIST`; undefined when it was not given. */
export function gatesOf(lists: readonly string[]): ReadonlySet<Gate> | typeof NONE | undefined {
  if (lists.length === 0) return undefined;
  const names = lists.flatMap((list) => list.split(',')).filter((name) => name !== '');
  if (names.includes(NONE)) {
    if (names.length === 1) return NONE;
    throw new UsageError('--fail-on none stands alone');
  }
  for (const name of names)
    if (!GATES.some((gate) => gate === name))
      throw new UsageError(`--fail-on ${name} is not known`, `Known are ${[...GATES, NONE].join(', ')}.`);
  return new Set(GATES.filter((gate) => names.includes(gate)));
}

/** The exit code of problems alone: what is refused before what does not settle. */
function problemCode(findings: readonly Finding[]): ExitCode {
  const open = new Set(
    findings.filter(({ suppressed }) => !suppressed).map(({ kind, severity }) => `${kind} ${severity}`),
  );
  if (open.has('refused error') || open.has('unknown error')) return ExitCode.invalid;
  return open.has('pending error') || open.has('stalled error') ? ExitCode.notConverged : ExitCode.ok;
}

export function judge(
  findings: readonly Finding[],
  gates: ReturnType<typeof gatesOf>,
  plan?: Pick<Plan, 'changes' | 'converged' | 'summary'>,
): GateResult {
  if (gates === NONE) return { code: ExitCode.ok, reasons: [] };
  const codes = [problemCode(findings), plan ? unexplained(findings, plan) : ExitCode.ok];
  const base = [ExitCode.invalid, ExitCode.notConverged].find((code) => codes.includes(code)) ?? ExitCode.ok;
  const reasons = [...(gates ?? [])].flatMap((gate) => {
    const count = countOf(gate, findings, plan);
    return count === 0 ? [] : [`--fail-on ${gate}: ${count} found`];
  });
  if (base === ExitCode.invalid) return { code: base, reasons };
  return { code: base === ExitCode.ok && reasons.length > 0 ? ExitCode.notConverged : base, reasons };
}

/** A plan that fails without a finding to say why fails all the same. */
function unexplained(
  findings: readonly Finding[],
  { converged, summary }: Pick<Plan, 'converged' | 'summary'>,
): ExitCode {
  const has = (...kinds: FindingKind[]): boolean => findings.some(({ kind }) => kinds.includes(kind));
  if (summary.refused > 0 && !has('refused', 'unknown')) return ExitCode.invalid;
  return !converged && !has('pending', 'stalled') ? ExitCode.notConverged : ExitCode.ok;
}

function countOf(gate: Gate, findings: readonly Finding[], plan: Pick<Plan, 'changes'> | undefined): number {
  const open = findings.filter(({ suppressed }) => !suppressed);
  if (gate === 'warnings') return open.filter(({ severity }) => severity === 'warning').length;
  if (KINDS.some((kind) => kind === gate)) return open.filter(({ kind }) => kind === gate).length;
  const changes = plan?.changes.filter(({ action }) => action !== 'no-op') ?? [];
  return gate === 'changes' ? changes.length : changes.filter(({ action }) => action === gate).length;
}
