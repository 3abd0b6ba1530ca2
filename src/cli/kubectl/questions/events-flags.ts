// Flags of `kubectl events`.
import { COMMON_FLAGS, type FlagSpecs } from '../arguments.ts';

export const EVENTS_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  'all-namespaces': { kind: 'flag', short: 'A', help: 'look into all namespaces' },
  for: { kind: 'value', help: 'events of this object, as pod/web' },
  types: { kind: 'list', help: 'Normal or Warning' },
  'no-headers': { kind: 'flag', help: 'leave out the header' },
  output: {
    kind: 'value',
    short: 'o',
    help: 'wide, yaml, json, name, jsonpath=…, jsonpath-as-json=… or custom-columns=…',
  },
  'chunk-size': { kind: 'value' },
};
