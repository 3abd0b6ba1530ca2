// kubeplan explain: makes the plan, then asks the scheduler about pods as the cluster was when it decided about them.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import type { Plan } from '../../planner/changes/plan.ts';
import { explainPods } from '../../planner/explain/explain-pod.ts';
import type { PodRef } from '../../planner/explain/pod-explanation.ts';
import { podsOf } from '../../planner/explain/subjects.ts';
import { makePlan } from '../../planner/make-plan.ts';
import { groupsOf, loadParts } from '../../planner/parts.ts';
import { explanationReporters } from '../../report/explanation/reporters.ts';
import { findingsOfPlan } from '../../report/findings/findings.ts';
import { type Command, type CommandInput, flagOption, textOption } from '../command.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { loadInput, readOnce } from '../load-input.ts';
import { isColored, targetsOf, writeOutputs } from '../outputs.ts';
import { inputExitCode, writeDiagnostics } from './plan.ts';

export const run: Command['run'] = async (given, io) => {
  const targets = targetsOf(given, explanationReporters) ?? [{ format: 'text' }];
  const { input, diagnostics } = await loadInput(given, io, { needsManifests: false });
  writeDiagnostics(diagnostics, given, io);
  if (diagnostics.some(({ severity }) => severity === 'error')) return inputExitCode(diagnostics);
  const { plan, world, appliedAt } = makePlan({ ...readOnce(input), parts: await loadParts(groupsOf(input)) });
  const refusals = refusalsIn(plan);
  writeDiagnostics(refusals, given, io);
  const pods = subjectsOf(given).flatMap((subject) => {
    const found = podsOf(world, subject, input.defaultNamespace);
    if ('problem' in found) throw new UsageError(found.problem, 'kubeplan get pods shows what there is.');
    return found.pods;
  });
  const asked: readonly PodRef[] = given.arguments.length > 0 ? pods : plan.pending.map(({ pod }) => pod);
  const explanation = explainPods(world, asked, {
    kubernetes: input.kubernetes,
    appliedAt,
    ...(input.scheduler ? { scheduler: input.scheduler.configuration } : {}),
  });
  await writeOutputs(
    targets,
    async (format, file) => {
      const color = file === undefined && isColored(textOption(given, 'color'), io.stdout, io);
      return (await explanationReporters[format]!())(explanation, { color, full: flagOption(given, 'full') });
    },
    io,
  );
  if (refusals.length > 0) return ExitCode.invalid;
  return explanation.pods.some(({ node }) => node === undefined) ? ExitCode.notConverged : ExitCode.ok;
};

/** What was not taken, and so is not there to be explained. */
function refusalsIn(plan: Plan): readonly Diagnostic[] {
  const { all } = findingsOfPlan(plan);
  return plan.diagnostics.filter((_, index) => {
    const { kind, severity } = all[index]!;
    return severity === 'error' && (kind === 'refused' || kind === 'unknown');
  });
}

/** `pod/web-0`, or `pod web-0 web-1` as kubectl takes it too. */
function subjectsOf({ arguments: words }: CommandInput): readonly string[] {
  const [first, ...rest] = words;
  if (first === undefined) return [];
  if (rest.length === 0 || first.includes('/')) return words;
  return rest.map((name) => `${first}/${name}`);
}
