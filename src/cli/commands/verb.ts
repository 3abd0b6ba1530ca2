// kubeplan scale, drain, create … : one of kubectl's verbs, planned.
import type { Command } from '../command.ts';
import { planVerb } from '../kubectl/verbs/plan-verb.ts';
import type { VerbSpec } from './verbs.spec.ts';

export function verb(spec: VerbSpec): Pick<Command, 'run'> {
  return { run: (given, io) => planVerb(spec, given, io) };
}
