// kubeplan verify: compares what a saved plan starts from with a newer cluster; exits with 2 when the plan is stale.
import { describedWorld } from '../../planner/described-world.ts';
import { groupsOf, loadParts } from '../../planner/parts.ts';
import { settle } from '../../planner/settle.ts';
import { type Staleness, stalenessOf } from '../../planner/verify/verify-plan.ts';
import { addressOf } from '../../report/tree.ts';
import { type Command, textOption } from '../command.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { loadInput, readOnce } from '../load-input.ts';
import { readPlan } from '../saved-plan/read-plan.ts';
import { inputExitCode, writeDiagnostics } from './plan.ts';

export const run: Command['run'] = async (given, io) => {
  const [file = ''] = given.arguments;
  const plan = await readPlan(file, io);
  if (textOption(given, 'cluster') === undefined)
    throw new UsageError('must specify --cluster', 'For example: kubeplan verify plan.json --cluster cluster-now.yaml');
  const { input, diagnostics } = await loadInput(given, io, { needsManifests: false });
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    writeDiagnostics(diagnostics, given, io);
    return inputExitCode(diagnostics);
  }
  const world = describedWorld({ ...readOnce(input), parts: await loadParts(groupsOf(input)) }, []);
  settle(world, 'settling the described cluster');
  const stale = stalenessOf(plan, world);
  io.stdout.write(textOption(given, 'output') === 'json' ? asJson(stale) : asText(file, stale));
  return stale.length === 0 ? ExitCode.ok : ExitCode.changes;
};

function asJson(stale: readonly Staleness[]): string {
  const report = { apiVersion: 'kubeplan.dev/v1', kind: 'PlanVerification', fresh: stale.length === 0, stale };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function asText(file: string, stale: readonly Staleness[]): string {
  if (stale.length === 0) return `${file} still fits: what it changes and the room it counts on are as they were.\n`;
  const lines = stale.map(({ object, reason, message }) => `  ${reason.padEnd(8)} ${addressOf(object)}: ${message}`);
  return `${file} is stale:\n${lines.join('\n')}\n\nPlan again against the newer cluster.\n`;
}
