// Flags of `kubectl describe`.
import { COMMON_FLAGS, type FlagSpecs } from '../arguments.ts';

export const DESCRIBE_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  'all-namespaces': { kind: 'flag', short: 'A', help: 'look into all namespaces' },
  selector: { kind: 'value', short: 'l', help: 'only objects with these labels, as app=web,tier!=db' },
  'show-events': { kind: 'flag', help: 'show events too' },
  'chunk-size': { kind: 'value' },
};
