// Turns the nodes of a document into the JSON value that kube-apiserver would see: aliases and merges carried out, keys made text.
// Behaviour: go.yaml.in/yaml v2.4 decode.go (decoder) and sigs.k8s.io/yaml v1.6 (convertToJSONableObject), Kubernetes v1.36.3.
import { MAX_INT64 } from '../../apimachinery/go/integer-limits.ts';
import { compareBytes } from '../../apimachinery/go/json.ts';
import { goQuote } from '../../apimachinery/go/quote.ts';
import { isPlainInteger, type ScalarValue } from '../yaml-scalar.ts';
import { floatKey, goSyntax } from './go-syntax.ts';
import type { AliasNode, MappingNode, Node, ScalarNode } from './node.ts';
import { resolveScalar } from './resolve.ts';
import { type Mark, YamlProblem } from './token.ts';

const WANT_MAP = 'map merge requires map or sequence of maps as the value';
const MERGE_TAG = 'tag:yaml.org,2002:merge';

/** A key that stood in its map already; the value's place counts. */
interface DuplicateKey {
  readonly message: string;
  readonly mark: Mark;
}

interface MapInProgress {
  readonly value: Record<string, unknown>;
  /** Go tells keys apart before they become text: 1 and "1" are two. */
  readonly keys: Set<string>;
}

export class Decoder {
  readonly duplicates: DuplicateKey[] = [];
  /** What JSON cannot hold is only noticed when all of the YAML has been decoded. */
  #notJson: YamlProblem | undefined;
  #hasNotFinite = false;
  #decoded = 0;
  #fromAliases = 0;
  #aliasDepth = 0;
  readonly #open = new Set<AliasNode>();

  decode(node: Node): unknown {
    const value = this.#decode(node);
    if (this.#notJson) throw this.#notJson;
    const number = this.#hasNotFinite ? notFiniteIn(value) : undefined;
    if (number !== undefined) throw notJson(`json: unsupported value: ${goFloat(number)}`, node.start);
    return value;
  }

  #decode(node: Node): unknown {
    this.#count();
    switch (node.kind) {
      case 'alias':
        return this.#throughAlias(node, () => this.#decode(node.target));
      case 'scalar':
        return this.#scalar(node);
      case 'sequence':
        return node.items.map((item) => this.#decode(item));
      case 'mapping': {
        const map: MapInProgress = { value: Object.create(null), keys: new Set() };
        this.#mapping(node, map);
        return map.value;
      }
    }
  }

  #throughAlias<T>(node: AliasNode, decode: () => T): T {
    if (this.#open.has(node)) throw new YamlProblem(`anchor '${node.name}' value contains itself`, node.start);
    this.#open.add(node);
    this.#aliasDepth += 1;
    const value = decode();
    this.#aliasDepth -= 1;
    this.#open.delete(node);
    return value;
  }

  #scalar(node: ScalarNode): ScalarValue {
    const value = resolveScalar(node);
    if (typeof value === 'number' && !Number.isFinite(value)) this.#hasNotFinite = true;
    return value;
  }

  #mapping({ pairs }: MappingNode, map: MapInProgress): void {
    for (const [key, item] of pairs) {
      if (isMerge(key)) this.#merge(item, map);
      else this.#pair(key, item, map);
    }
  }

  #pair(key: Node, item: Node, map: MapInProgress): void {
    const resolved = this.#decode(key);
    if (typeof resolved === 'object' && resolved !== null)
      throw new YamlProblem(`invalid map key: ${goSyntax(resolved)}`, key.start);
    const content = this.#decode(item);
    // Of a key that is neither list nor map only a scalar is left.
    const scalar = resolved as ScalarValue;
    const isFloat = typeof scalar === 'number' && !isInteger(key);
    const name = this.#name(scalar, isFloat, content, key);
    const id = `${isFloat ? 'float' : typeof scalar} ${name}`;
    if (map.keys.has(id)) {
      const shown = typeof scalar === 'string' ? goQuote(scalar) : name;
      this.duplicates.push({
        message: `line ${item.start.line + 1}: key ${shown} already set in map`,
        mark: item.start,
      });
    }
    map.keys.add(id);
    map.value[name] = content;
  }

  #name(key: ScalarValue, isFloat: boolean, content: unknown, node: Node): string {
    if (key === null || (typeof key === 'bigint' && key > MAX_INT64)) {
      const type = key === null ? '%!s(<nil>)' : 'uint64';
      const shown = key === null ? '<nil>' : `0x${key.toString(16)}`;
      const value = content === null ? '<nil>' : goSyntax(content);
      this.#notJson ??= notJson(`unsupported map key of type: ${type}, key: ${shown}, value: ${value}`, node.start);
    }
    return isFloat ? floatKey(Number(key)) : String(key);
  }

  /** What is merged counts as if it stood here: what comes later wins, and of a list what stands first. */
  #merge(node: Node, map: MapInProgress): void {
    const sources = node.kind === 'sequence' ? [...node.items].reverse() : [node];
    for (const source of sources) {
      const target = source.kind === 'alias' ? source.target : source;
      if (target.kind !== 'mapping') throw new YamlProblem(WANT_MAP, source.start);
      this.#count();
      if (source.kind === 'alias')
        this.#throughAlias(source, () => {
          this.#count();
          this.#mapping(target, map);
        });
      else this.#mapping(target, map);
    }
  }

  /** go-yaml's guard against documents that aliases blow up. */
  #count(): void {
    this.#decoded += 1;
    if (this.#aliasDepth > 0) this.#fromAliases += 1;
    if (
      this.#fromAliases > 100 &&
      this.#decoded > 1000 &&
      this.#fromAliases / this.#decoded > allowedAliasRatio(this.#decoded)
    )
      throw new YamlProblem('document contains excessive aliasing');
  }
}

function allowedAliasRatio(decoded: number): number {
  if (decoded <= 400_000) return 0.99;
  if (decoded >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((decoded - 400_000) / 3_600_000);
}

function isMerge(node: Node): boolean {
  return node.kind === 'scalar' && node.value === '<<' && (node.isImplicit || node.tag === MERGE_TAG);
}

function isInteger(node: Node): boolean {
  const scalar = node.kind === 'alias' ? node.target : node;
  return scalar.kind === 'scalar' && !scalar.tag.endsWith(':float') && isPlainInteger(scalar.value);
}

/** The first number that JSON lacks, in the order in which Go writes. */
function notFiniteIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  // Maps come without a prototype from this decoder.
  const map = value as Readonly<Record<string, unknown>>;
  const items = Array.isArray(value)
    ? value
    : Object.keys(map)
        .sort(compareBytes)
        .map((key) => map[key]);
  for (const item of items) {
    const found = notFiniteIn(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function goFloat(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** A message of its own, without YAML's prefix. */
function notJson(message: string, mark: Mark): YamlProblem {
  const problem = new YamlProblem('', mark);
  problem.message = message;
  return problem;
}
