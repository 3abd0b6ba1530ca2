// Whom `--as` and `--as-group` name, and the rules that every API server starts with.
import { impersonated } from '../apiserver/authorization/users.ts';
import type { User } from '../apiserver/request.ts';
import { ADMIN } from '../apiserver/server.ts';
import { featureGates, type KubernetesOptions } from '../planner/kubernetes-options.ts';
import { type CommandInput, listOption, textOption } from './command.ts';
import { UsageError } from './errors.ts';

/** The identity asked for; a cluster administrator where none is. */
export function identityOf(given: CommandInput): User {
  return requestedIdentity(given) ?? ADMIN;
}

export function requestedIdentity(given: CommandInput): User | undefined {
  const name = textOption(given, 'as');
  const groups = listOption(given, 'asGroup').flatMap((group) => group.split(','));
  if (name === undefined && groups.length > 0)
    throw new UsageError(
      'requesting uid, groups or user-extra without impersonating a user',
      'Name the user with --as; groups belong to one.',
    );
  return name === undefined ? undefined : impersonated(name, groups);
}

export async function loadBootstrapPolicy(kubernetes: KubernetesOptions): Promise<readonly Record<string, unknown>[]> {
  const { bootstrapPolicy } = await import('../planner/inventory/bootstrap-policy.ts');
  return bootstrapPolicy(featureGates(kubernetes));
}
