// Flags of `kubectl top`.
import { COMMON_FLAGS, type FlagSpecs } from '../arguments.ts';

export const TOP_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  'all-namespaces': { kind: 'flag', short: 'A', help: 'look into all namespaces' },
  selector: { kind: 'value', short: 'l', help: 'only objects with these labels, as app=web,tier!=db' },
  'field-selector': { kind: 'value', help: 'only objects with these fields, as status.phase=Pending' },
  'sort-by': { kind: 'value', help: 'JSONPath to sort by' },
  'no-headers': { kind: 'flag', help: 'leave out the header' },
  'show-capacity': { kind: 'flag', help: 'percent of the capacity, not of what is allocatable' },
  containers: { kind: 'flag', help: 'one line a container' },
  sum: { kind: 'flag', help: 'a line with the sum' },
};
