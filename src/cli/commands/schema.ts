// kubeplan schema: the JSON Schema of a document of ours, or of a kind of Kubernetes.
import { type KubernetesVersion, newestVersion } from '../../schema/layout.ts';
import { type Command, type CommandInput, textOption } from '../command.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

type Schema = Readonly<Record<string, unknown>>;

const DOCUMENTS: Readonly<Record<string, () => Promise<Schema>>> = {
  plan: async () => (await import('../../report/json/plan-schema.ts')).planSchema,
  explain: async () => (await import('../../report/json/explanation-schema.ts')).explanationSchema,
  config: async () => (await import('../config/config-schema.ts')).configSchema,
  cluster: async () => (await import('../../planner/inventory/cluster-file.ts')).clusterSchema,
};

export const run: Command['run'] = async (given, io) => {
  const [name = ''] = given.arguments;
  const schema = Object.hasOwn(DOCUMENTS, name) ? await DOCUMENTS[name]!() : await kindSchema(name, given);
  io.stdout.write(`${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema }, null, 2)}\n`);
  return ExitCode.ok;
};

/** As the API server of that version publishes it; with --strict, what it says no word about is refused, as by kubectl. */
async function kindSchema(name: string, given: CommandInput): Promise<Schema> {
  const { allKinds } = await import('../../schema/kinds.ts');
  const { ServedResources } = await import('../kubectl/resources.ts');
  const { jsonSchemaFor } = await import('../../schema/definitions.ts');
  // One of the option's choices.
  const version = (textOption(given, 'kubernetesVersion') ?? newestVersion) as KubernetesVersion;
  // Every version of a group, whether or not a cluster serves it.
  const all = new Set(allKinds(version).map(({ apiVersion }) => apiVersion));
  const found = new ServedResources([], all, version).find(typeWord(name));
  const schema = found && jsonSchemaFor(version, found.resource, { strict: given.options['strict'] === true });
  if (schema) return schema;
  throw new UsageError(
    `no document and no kind of Kubernetes ${version} is called ${name}`,
    `Documents are ${Object.keys(DOCUMENTS).join(', ')}; kinds are named as deployment, deployments.apps or apps/v1/Deployment.`,
  );
}

/** `apps/v1/Deployment` as kubectl takes it: `Deployment.v1.apps`. */
function typeWord(name: string): string {
  if (!name.includes('/')) return name;
  const parts = name.split('/');
  const kind = parts.pop();
  const version = parts.pop();
  return `${kind}.${version}.${parts.join('/')}`;
}
