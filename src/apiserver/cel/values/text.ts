// How Go's %v prints a value, which is what ends up in error messages.
// Behaviour: cel-go v0.26.0 common/types String methods, fmt.
import { goFloat } from '../../../apimachinery/go/quote.ts';
import { formatDuration } from '../../../apimachinery/time/duration.ts';
import { timestampText } from './time.ts';
import { CelType } from './types.ts';
import {
  CelError,
  type CelValue,
  Duration,
  KubernetesValue,
  ListValue,
  MapValue,
  Optional,
  Timestamp,
  Uint,
} from './value.ts';

export function valueText(value: CelValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      return goFloat(value);
    default:
      break;
  }
  if (value === null) return '0';
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return `[${[...value].join(' ')}]`;
  if (value instanceof ListValue) return `[${[...value].map(valueText).join(', ')}]`;
  if (value instanceof MapValue) {
    return `{${value
      .keys()
      .map((key) => `${valueText(key)}: ${valueText(value.find(key) ?? null)}`)
      .join(', ')}}`;
  }
  if (value instanceof Timestamp) return timestampText(value).replace('T', ' ').replace(/Z$/, ' +0000 UTC');
  if (value instanceof Duration) return formatDuration(value.nanos);
  if (value instanceof CelType || value instanceof KubernetesValue) return value.toString();
  if (value instanceof CelError) return value.message;
  if (value instanceof Optional)
    return value.value === undefined ? 'optional.none()' : `optional(${valueText(value.value)})`;
  return '';
}
