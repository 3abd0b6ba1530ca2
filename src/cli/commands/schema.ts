// kubeplan schema: the JSON Schema of a document of ours.
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

const DOCUMENTS: Readonly<Record<string, () => Promise<unknown>>> = {
  plan: async () => (await import('../../report/json/plan-schema.ts')).planSchema,
  explain: async () => (await import('../../report/json/explanation-schema.ts')).explanationSchema,
  config: async () => (await import('../config/config-schema.ts')).configSchema,
  cluster: async () => (await import('../../planner/inventory/cluster-file.ts')).clusterSchema,
};

export const run: Command['run'] = async (given, io) => {
  const [name = ''] = given.arguments;
  const load = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  if (!load) throw new UsageError(`no document ${name}`, `Known are ${Object.keys(DOCUMENTS).join(', ')}.`);
  io.stdout.write(
    `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...((await load()) as object) }, null, 2)}\n`,
  );
  return ExitCode.ok;
};
