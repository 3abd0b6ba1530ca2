// The flags of kubectl apply that a plan takes.
import { type ApplyFlags, ApplyMisuse } from '../planner/apply/apply-with-flags.ts';
import { type CommandInput, flagOption, listOption, textOption } from './command.ts';
import { UsageError } from './errors.ts';

/** Undefined where none is given: then objects are applied one by one, and one that cannot be read stops no other. */
export function applyFlagsOf(given: CommandInput): ApplyFlags | undefined {
  const switches = {
    serverSide: flagOption(given, 'serverSide'),
    forceConflicts: flagOption(given, 'forceConflicts'),
    prune: flagOption(given, 'prune'),
    all: flagOption(given, 'all'),
  };
  const fieldManager = textOption(given, 'fieldManager');
  const selector = textOption(given, 'selector');
  const applySet = textOption(given, 'applyset');
  const pruneAllowlist = listOption(given, 'pruneAllowlist');
  const texts = {
    ...(fieldManager ? { fieldManager } : {}),
    ...(selector ? { selector } : {}),
    ...(applySet ? { applySet } : {}),
    ...(pruneAllowlist.length > 0 ? { pruneAllowlist } : {}),
  };
  const isAsked = Object.values(switches).some((isOn) => isOn) || Object.keys(texts).length > 0;
  return isAsked ? { ...switches, ...texts } : undefined;
}

/** Flags that contradict each other are the user's mistake, in kubectl's words. */
export function tellingMisuse<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof ApplyMisuse ? new UsageError(error.message) : error;
  }
}
