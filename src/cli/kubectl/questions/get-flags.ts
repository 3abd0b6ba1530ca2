// Flags of `kubectl get`.
import { COMMON_FLAGS, type FlagSpecs } from '../arguments.ts';

export const GET_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  'all-namespaces': { kind: 'flag', short: 'A', help: 'look into all namespaces' },
  selector: { kind: 'value', short: 'l', help: 'only objects with these labels, as app=web,tier!=db' },
  'field-selector': { kind: 'value', help: 'only objects with these fields, as status.phase=Pending' },
  output: {
    kind: 'value',
    short: 'o',
    help: 'wide, yaml, json, name, jsonpath=…, jsonpath-as-json=…, go-template=… or custom-columns=…',
  },
  template: { kind: 'value', help: 'the template of -o go-template or jsonpath' },
  'allow-missing-template-keys': { kind: 'flag' },
  'sort-by': { kind: 'value', help: 'JSONPath to sort by' },
  'show-labels': { kind: 'flag', help: 'a column with all labels' },
  'label-columns': { kind: 'list', short: 'L', help: 'columns for these labels' },
  'no-headers': { kind: 'flag', help: 'leave out the header' },
  'show-kind': { kind: 'flag', help: 'show kinds before names' },
  'ignore-not-found': { kind: 'flag', help: 'say nothing of names that are not there' },
  'show-managed-fields': { kind: 'flag' },
  subresource: { kind: 'value', help: 'only this part of named objects: status or scale' },
  watch: { kind: 'flag', short: 'w', help: 'as without: a cluster at rest has no more to show' },
  'watch-only': { kind: 'flag' },
  'request-timeout': { kind: 'value' },
  'chunk-size': { kind: 'value' },
  'server-print': { kind: 'flag' },
  'output-watch-events': { kind: 'flag' },
  filename: { kind: 'list', short: 'f' },
};
