// Hides the data of a secret in a diff, and still shows which values differ.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go (Masker), Kubernetes v1.36.3.
import { isMap, type Json, type JsonMap } from '../../../../apimachinery/json.ts';

const MASK = '***';
const BEFORE = '*** (before)';
const AFTER = '*** (after)';

export function maskedSecrets(from: JsonMap | undefined, to: JsonMap): readonly [JsonMap | undefined, JsonMap] {
  const [before, after] = [dataOf(from), dataOf(to)];
  const differ = (key: string) => Object.hasOwn(before, key) && Object.hasOwn(after, key) && before[key] !== after[key];
  const masked = (data: JsonMap, mask: string): JsonMap =>
    Object.fromEntries(Object.keys(data).map((key): [string, Json] => [key, differ(key) ? mask : MASK]));
  const replace = (secret: JsonMap, data: JsonMap, mask: string) =>
    isMap(secret['data']) ? { ...secret, data: masked(data, mask) } : secret;
  return [from && replace(from, before, BEFORE), replace(to, after, AFTER)];
}

function dataOf(secret: JsonMap | undefined): JsonMap {
  const data = secret?.['data'];
  return isMap(data) ? data : {};
}
