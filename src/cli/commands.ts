// Every command: what help and completion need at once, and the handler, loaded when it runs.
// A new command is a file in commands/ and a line here.
import type { Command, CommandSpec } from './command.ts';
import { authCanISpec } from './commands/auth-can-i.spec.ts';
import { completionSpec } from './commands/completion.spec.ts';
import { configSpec } from './commands/config.spec.ts';
import { describeSpec } from './commands/describe.spec.ts';
import { eventsSpec } from './commands/events.spec.ts';
import { explainSpec } from './commands/explain.spec.ts';
import { getSpec } from './commands/get.spec.ts';
import { planSpec } from './commands/plan.spec.ts';
import { schemaSpec } from './commands/schema.spec.ts';
import { showSpec } from './commands/show.spec.ts';
import { topSpec } from './commands/top.spec.ts';
import { validateSpec } from './commands/validate.spec.ts';
import { VERB_SPECS } from './commands/verbs.spec.ts';
import { verifySpec } from './commands/verify.spec.ts';

export interface CommandEntry {
  readonly command: CommandSpec;
  load(): Promise<Pick<Command, 'run'>>;
}

export const COMMANDS: readonly CommandEntry[] = [
  { command: planSpec, load: () => import('./commands/plan.ts') },
  { command: explainSpec, load: () => import('./commands/explain.ts') },
  { command: validateSpec, load: () => import('./commands/validate.ts') },
  { command: getSpec, load: () => import('./commands/get.ts') },
  { command: describeSpec, load: () => import('./commands/describe.ts') },
  { command: eventsSpec, load: () => import('./commands/events.ts') },
  { command: topSpec, load: () => import('./commands/top.ts') },
  { command: authCanISpec, load: () => import('./commands/auth-can-i.ts') },
  { command: showSpec, load: () => import('./commands/show.ts') },
  { command: configSpec, load: () => import('./commands/config.ts') },
  { command: verifySpec, load: () => import('./commands/verify.ts') },
  { command: schemaSpec, load: () => import('./commands/schema.ts') },
  { command: completionSpec, load: () => import('./commands/completion.ts') },
  ...VERB_SPECS.map((command) => ({
    command,
    load: async () => (await import('./commands/verb.ts')).verb(command),
  })),
];

/** What a first word does that has commands below it. */
export const COMMAND_GROUPS: Readonly<Record<string, string>> = {
  auth: 'Ask what an identity may do in the planned cluster.',
  rollout: 'Plan a restart, pause, resume or undo of a rollout; show its status and history.',
  set: 'Plan other images, environment, resources or service account of a workload.',
};
