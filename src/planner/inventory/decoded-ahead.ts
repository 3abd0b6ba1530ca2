// Objects of a large described cluster that are decoded while its files are read: of 150,000 pods there are never all values and all
// objects at the same time. What cannot be decoded stays a value, and is refused where the cluster is restored.
import { decodeBody } from '../../apiserver/decode.ts';
import { Decoded } from '../../manifests/decoded.ts';
import { SharedValues } from '../../schema/decode/shared-values.ts';
import { typeIdOfKind } from '../../schema/kinds.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';

type Value = Readonly<Record<string, unknown>>;

export class DecodedAhead {
  readonly version: KubernetesVersion;
  readonly #shared = new SharedValues();
  /** Whether anything was decoded. */
  isUsed = false;

  constructor(version: KubernetesVersion) {
    this.version = version;
  }

  /** The object, or the value where it is of no built-in kind or cannot be decoded. */
  readonly decode = (value: Value): Value | Decoded => {
    const { apiVersion, kind } = value;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || kind.endsWith('List')) return value;
    if (typeIdOfKind(apiVersion, kind, this.version) === undefined) return value;
    const slash = apiVersion.indexOf('/');
    const resource = { group: apiVersion.slice(0, Math.max(0, slash)), kind };
    const body = { tree: { value, shared: this.#shared }, isYaml: true };
    const decoded = decodeBody(body, { resource, version: apiVersion.slice(slash + 1) }, this.version, 'Ignore');
    if (!decoded.ok) return value;
    this.isUsed = true;
    return new Decoded(decoded.object as unknown as Value, this.version);
  };
}
