// A verb of kubectl as an operation on the described cluster: its plan, or what kubectl would print.
import type { Diagnostic } from '../../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { KubectlCluster } from '../../../planner/apply/kubectl/session.ts';
import { makePlan } from '../../../planner/make-plan.ts';
import type { Operation } from '../../../planner/operation.ts';
import { loadParts } from '../../../planner/parts.ts';
import type { PlanInput } from '../../../planner/plan-input.ts';
import type { World } from '../../../planner/world.ts';
import { reporters } from '../../../report/reporters.ts';
import { type CommandInput, flagOption, textOption } from '../../command.ts';
import { inputExitCode, writeDiagnostics } from '../../commands/plan.ts';
import type { VerbSpec } from '../../commands/verbs.spec.ts';
import { ExitCode } from '../../exit-code.ts';
import { planExitCode, withSuppressed } from '../../gate/judge-run.ts';
import { loadBootstrapPolicy, requestedIdentity } from '../../identity.ts';
import type { Io } from '../../io.ts';
import { loadInput } from '../../load-input.ts';
import { saveClusterIfAsked, savePlan, targetsOf } from '../../outputs.ts';
import { showPlan } from '../../show-plan.ts';
import { viewOfObjects } from '../cluster-view.ts';
import { KubectlError, type Outcome } from '../outcome.ts';
import { runKubectl } from '../run-kubectl.ts';
import { commandLine } from './verb-line.ts';

/** Steps that time may take while a verb waits, as a drain does. */
const MAX_STEPS = 20_000_000;

export async function planVerb(spec: VerbSpec, given: CommandInput, io: Io): Promise<ExitCode> {
  const isKubectl = spec.onlyShows || flagOption(given, 'kubectl') || isPretending(given) || flagOption(given, 'list');
  const targets = isKubectl ? undefined : targetsOf(given, reporters);
  // What -f names belongs to the verb: the cluster is planned without it.
  const { filename: _, ...options } = given.options;
  const { input, diagnostics, schedulerManifest } = await loadInput({ ...given, options }, io, {
    needsManifests: false,
  });
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    writeDiagnostics(diagnostics, given, io);
    return inputExitCode(diagnostics);
  }
  const user = requestedIdentity(given);
  const identity = user ? { user, policy: await loadBootstrapPolicy(input.kubernetes) } : {};
  const line = commandLine(spec, given, { withOutput: isKubectl });
  const operation = new VerbOperation(line, input, io);
  const { plan: made, world } = makePlan({ ...input, ...identity, parts: await loadParts(), operation });
  const { outcome } = operation;
  if (!spec.onlyShows && (made.hasChanges || outcome.exitCode === 0))
    await saveClusterIfAsked(given, world, input, schedulerManifest, io);
  if (isKubectl) {
    if (outcome.stdout !== '') io.stdout.write(outcome.stdout);
    if (outcome.stderr !== '') io.stderr.write(outcome.stderr);
    return outcome.exitCode === 0 ? ExitCode.ok : ExitCode.failed;
  }
  // What the server refused stands in the plan; only kubectl's own complaints and warnings are told beside it.
  const said = operation.refusals.length > 0 ? warningsIn(outcome.stderr) : outcome.stderr;
  if (said !== '') io.stderr.write(said);
  const isOwnFailure = outcome.exitCode !== 0 && operation.refusals.length === 0;
  if (isOwnFailure && !made.hasChanges) return ExitCode.failed;
  const plan = withSuppressed({ ...made, diagnostics: [...diagnostics, ...made.diagnostics] }, input, given, io);
  await savePlan(plan, textOption(given, 'out'), io);
  if (!(await showPlan(plan, targets, given, io))) return ExitCode.interrupted;
  return isOwnFailure ? ExitCode.failed : planExitCode(plan, given, io);
}

function isPretending(given: CommandInput): boolean {
  const { dryRun } = given.options;
  return dryRun !== undefined && dryRun !== 'none';
}

function warningsIn(text: string): string {
  return text.replace(/^(?!Warning: ).*\n?/gm, '');
}

function edited(text: string, io: Io): string {
  const result = io.edit?.(text);
  if (result === undefined) throw new KubectlError('there was a problem with the editor');
  return result;
}

class VerbOperation implements Operation {
  outcome: Outcome = { stdout: '', stderr: '', exitCode: 0 };
  readonly refusals: Diagnostic[] = [];
  readonly #line: readonly string[];
  readonly #input: Omit<PlanInput, 'parts'>;
  readonly #io: Io;

  constructor(line: readonly string[], input: Omit<PlanInput, 'parts'>, io: Io) {
    this.#line = line;
    this.#input = input;
    this.#io = io;
  }

  run(world: World): readonly Diagnostic[] {
    const { reader } = world.server;
    const objects = reader.resources().flatMap((resource) => reader.list<KubeObject>(resource));
    const cluster: KubectlCluster = {
      server: world.server,
      kubernetesVersion: this.#input.kubernetes.version,
      source: { file: this.#line.join(' ') },
      onRefusal: ({ reason, message = '', details }, object) => {
        const causes = details?.causes?.filter(({ field }) => field) ?? [];
        if (causes.length === 0) this.refusals.push({ severity: 'error', code: reason || 'Refused', message, object });
        for (const { field = '', message: text = '', reason: code } of causes)
          this.refusals.push({ severity: 'error', code: code || reason || 'Refused', message: text, object, field });
      },
    };
    this.outcome = runKubectl(this.#line, {
      view: viewOfObjects(objects),
      now: world.clock.now,
      files: this.#io.files,
      env: this.#io.env,
      ...(this.#io.edit ? { edit: (text: string) => edited(text, this.#io) } : {}),
      cluster: () => cluster,
      wait: (millis) => void world.engine.advance(millis, MAX_STEPS),
    });
    return this.refusals;
  }
}
