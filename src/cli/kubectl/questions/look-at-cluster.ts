// Runs one of kubectl's questions on the planned or the described cluster.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { durationMillis } from '../../../apimachinery/time/duration.ts';
import { applyManifests } from '../../../planner/apply/apply-manifests.ts';
import { describedWorld } from '../../../planner/described-world.ts';
import { describedMetrics } from '../../../planner/inventory/described-behaviour.ts';
import { describedUse } from '../../../planner/inventory/described-use.ts';
import { nodeLeases } from '../../../planner/kubelet/nodes/leases.ts';
import { makePlan } from '../../../planner/make-plan.ts';
import { groupsOf, loadParts } from '../../../planner/parts.ts';
import type { PlanInput } from '../../../planner/plan-input.ts';
import type { World } from '../../../planner/world.ts';
import { type CommandInput, flagOption, listOption, textOption } from '../../command.ts';
import { inputExitCode, writeDiagnostics } from '../../commands/plan.ts';
import { UsageError } from '../../errors.ts';
import { ExitCode } from '../../exit-code.ts';
import type { Io } from '../../io.ts';
import { loadInput, readOnce } from '../../load-input.ts';
import type { FlagSpecs, ParsedArguments } from '../arguments.ts';
import { viewOfObjects } from '../cluster-view.ts';
import type { KubectlContext } from '../context.ts';
import { isFailure, Output } from '../outcome.ts';
import { kubectlArguments } from './look-options.ts';

/** Bounds of one settling, as for a plan. */
const LIMITS = { horizon: 24 * 3600 * 1000, steps: 20_000_000 };

interface Question {
  readonly flags: FlagSpecs;
  run(given: ParsedArguments, context: KubectlContext, output: Output): void;
}

export async function lookAtCluster(given: CommandInput, question: Question, io: Io): Promise<ExitCode> {
  const { input, diagnostics } = await loadInput(given, io, { needsManifests: false });
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    writeDiagnostics(diagnostics, given, io);
    return inputExitCode(diagnostics);
  }
  const world = worldToShow({ ...readOnce(input), parts: await loadParts(groupsOf(input)) }, given);
  const { reader } = world.server;
  const stored = reader.resources().flatMap((resource) => reader.list<KubeObject>(resource));
  const { now } = world.clock;
  const metrics = describedMetrics(input.cluster?.file?.spec ?? {});
  const objects = [...stored, ...nodeLeases(reader, now), ...describedUse(metrics, reader, now)];
  const output = new Output();
  try {
    question.run(
      kubectlArguments(given, question.flags),
      {
        view: viewOfObjects(objects),
        now,
        files: io.files,
        env: io.env,
        cluster: () => ({ server: world.server, kubernetesVersion: input.kubernetes.version }),
      },
      output,
    );
  } catch (error) {
    if (!isFailure(error)) throw error;
    output.fail(error);
  }
  if (output.stdout !== '') io.stdout.write(output.stdout);
  if (output.stderr !== '') io.stderr.write(output.stderr);
  return output.exitCode === 0 ? ExitCode.ok : ExitCode.failed;
}

/** The settled cluster; with --current the one before, with --at the one at that moment. */
function worldToShow(input: PlanInput, given: CommandInput): World {
  const at = textOption(given, 'at');
  if (flagOption(given, 'current') || listOption(given, 'filename').length === 0) {
    return makePlan({ ...input, manifests: [] }).world;
  }
  if (at === undefined) return makePlan(input).world;
  const millis = durationMillis(at);
  if (millis === undefined || millis < 0)
    throw new UsageError(`invalid duration ${at}`, 'Write for example 30s or 5m.');
  const world = describedWorld(input, []);
  world.engine.run(LIMITS);
  applyManifests(world, input.manifests, {
    defaultNamespace: input.defaultNamespace,
    kubernetesVersion: input.kubernetes.version,
  });
  world.engine.advance(millis, LIMITS.steps);
  return world;
}
