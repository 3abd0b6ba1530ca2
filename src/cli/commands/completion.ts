// kubeplan completion: the script that a shell sources.
import type { Command } from '../command.ts';
import { SCRIPTS, SHELLS } from '../completion/scripts.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

export const run: Command['run'] = async (given, io) => {
  const shell = SHELLS.find((name) => name === given.arguments[0]);
  if (!shell) throw new UsageError(`no completion for ${given.arguments[0]}`, `Known are ${SHELLS.join(', ')}.`);
  io.stdout.write(SCRIPTS[shell]);
  return ExitCode.ok;
};
