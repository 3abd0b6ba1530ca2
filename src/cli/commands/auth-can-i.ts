// kubeplan auth can-i: plans when manifests are given, then asks the authorizer of that cluster.
import { RbacAuthorizer } from '../../apiserver/authorization/rbac/rbac-authorizer.ts';
import { makePlan } from '../../planner/make-plan.ts';
import { groupsOf, loadParts } from '../../planner/parts.ts';
import { type Command, flagOption, textOption } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { identityOf, loadBootstrapPolicy } from '../identity.ts';
import { KubectlError, Output } from '../kubectl/outcome.ts';
import { canI } from '../kubectl/questions/can-i.ts';
import { loadInput } from '../load-input.ts';
import { inputExitCode, writeDiagnostics } from './plan.ts';

export const run: Command['run'] = async (given, io) => {
  const { input, diagnostics } = await loadInput(given, io, { needsManifests: false });
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    writeDiagnostics(diagnostics, given, io);
    return inputExitCode(diagnostics);
  }
  const manifests = flagOption(given, 'current') ? [] : input.manifests;
  const policy = await loadBootstrapPolicy(input.kubernetes);
  const { world } = makePlan({ ...input, manifests, policy, parts: await loadParts(groupsOf(input)) });
  const output = new Output();
  const subresource = textOption(given, 'subresource');
  try {
    canI(
      {
        arguments: given.arguments,
        namespace: flagOption(given, 'allNamespaces') ? undefined : input.defaultNamespace,
        isAllNamespaces: flagOption(given, 'allNamespaces'),
        isQuiet: flagOption(given, 'quiet'),
        isList: flagOption(given, 'list'),
        hasHeaders: given.options['headers'] !== false,
        ...(subresource === undefined ? {} : { subresource }),
      },
      {
        user: identityOf(given),
        catalog: world.server.options.catalog,
        authorizer: new RbacAuthorizer(world.server.reader),
      },
      output,
    );
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    output.fail(error);
  }
  if (output.stdout !== '') io.stdout.write(output.stdout);
  if (output.stderr !== '') io.stderr.write(output.stderr);
  return output.exitCode === 0 ? ExitCode.ok : ExitCode.failed;
};
