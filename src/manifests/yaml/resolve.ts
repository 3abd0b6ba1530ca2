// What a scalar means with the tag that it stands under.
// Behaviour: go.yaml.in/yaml v2.4 resolve.go and decode.go (decoder.scalar), as in Kubernetes v1.36.3.
import { isPlainInteger, isTimestamp, resolvePlainScalar, type ScalarValue } from '../yaml-scalar.ts';
import type { ScalarNode } from './node.ts';
import { YamlProblem } from './token.ts';

const PREFIX = 'tag:yaml.org,2002:';
const RESOLVED: ReadonlySet<string> = new Set(['str', 'bool', 'int', 'float', 'null', 'timestamp']);

export function resolveScalar(node: ScalarNode): ScalarValue {
  const { tag, value, isImplicit } = node;
  if (tag === '') return isImplicit ? resolvePlainScalar(value) : value;
  const name = tag.startsWith(PREFIX) ? tag.slice(PREFIX.length) : tag;
  if (name === 'binary') return binary(node);
  // Other tags say nothing to Kubernetes.
  if (!tag.startsWith(PREFIX) || !RESOLVED.has(name)) return value;
  if (name === 'str') return value;
  const found = tagOf(value, name);
  if (found === name || (name === 'float' && found === 'int')) return resolvePlainScalar(value);
  throw new YamlProblem(`cannot decode ${short(found)} \`${value}\` as a ${short(name)}`, node.start);
}

/** The tag that a plain scalar would have; dates are only looked for where one is wanted. */
function tagOf(text: string, wanted: string): string {
  if (text === '<<') return 'merge';
  if (wanted === 'timestamp' && isTimestamp(text)) return 'timestamp';
  const value = resolvePlainScalar(text);
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  return isPlainInteger(text) ? 'int' : 'float';
}

function short(name: string): string {
  return `!!${name}`;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes as text, for that is all that JSON has. */
function binary({ value, start }: ScalarNode): string {
  const plain = value.replace(/[\r\n]/g, '');
  if (!BASE64.test(plain)) throw new YamlProblem('!!binary value contains invalid base64 data', start);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(plain, 'base64'));
}
