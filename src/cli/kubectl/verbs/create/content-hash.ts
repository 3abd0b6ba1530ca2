// The hash that `--append-hash` puts behind the name of a ConfigMap or Secret.
// Behaviour: staging/src/k8s.io/kubectl/pkg/util/hash/hash.go, Kubernetes v1.36.3.
import { createHash } from 'node:crypto';
import { goMarshal } from '../../../../apimachinery/go/json.ts';
import { isMap, type JsonMap } from '../../../../apimachinery/json.ts';

const LENGTH = 10;
/** Digits that could make words give way to others. */
const REPLACED: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

export function hashedName(object: JsonMap, content: JsonMap): JsonMap {
  const digest = createHash('sha256').update(goMarshal(content)).digest('hex').slice(0, LENGTH);
  const hash = digest.replace(/[013ae]/g, (digit) => REPLACED[digit] ?? digit);
  const metadata = isMap(object['metadata']) ? object['metadata'] : {};
  return { ...object, metadata: { ...metadata, name: `${metadata['name']}-${hash}` } };
}
