// The hash that names a ReplicaSet and a DaemonSet's revision: FNV-1a over Go's dump of the pod template.
// Behaviour: pkg/controller/controller_utils.go (ComputeHash), pkg/util/hash, k8s.io/utils/dump, Kubernetes v1.36.3.
// The dump prints every field of the Go struct, so a Kubernetes version that adds a field changes every hash.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { FNV32_OFFSET, fnv32a, safeEncodeString } from '../../../apimachinery/hash.ts';
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import type { PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import { type FieldLayout, type KubernetesVersion, structLayout, type TypeRef } from '../../../schema/layout.ts';

/** The hash of a defaulted template; a collision count, even 0, changes it. */
export function podTemplateHash(
  template: PodTemplateSpec,
  collisionCount: number | undefined,
  kubernetesVersion: string,
): string {
  // Versions reach this point checked (src/cli/load-input.ts); the layout of an unknown one would not be found.
  const dump = writerOf(kubernetesVersion as KubernetesVersion);
  let hash = fnv32a(`(v1.PodTemplateSpec)${dump(template)}`, FNV32_OFFSET);
  if (collisionCount !== undefined) hash = fnv32a(littleEndian(collisionCount), hash);
  return safeEncodeString(String(hash));
}

/** Eight bytes of which the count takes the first four, as upstream's buffer has it. */
function littleEndian(count: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, count, true);
  return bytes;
}

/** Prints a value as Go's dump does, without its type, which stands before it only in fields. */
type Write = (value: unknown) => string;
type Fields = Readonly<Record<string, unknown>>;

const writers = new Map<KubernetesVersion, Write>();

function writerOf(version: KubernetesVersion): Write {
  let write = writers.get(version);
  if (!write) writers.set(version, (write = new Compiler(version).struct('core/v1.PodTemplateSpec')));
  return write;
}

/** Makes one writer for each struct of a version; structs that contain each other share them. */
class Compiler {
  readonly #version: KubernetesVersion;
  readonly #structs = new Map<string, Write>();

  constructor(version: KubernetesVersion) {
    this.#version = version;
  }

  struct(typeId: string): Write {
    const known = this.#structs.get(typeId);
    if (known) return known;
    let write: Write | undefined;
    this.#structs.set(typeId, (value) => write!(value));
    const fields = structLayout(this.#version, typeId).fields.map((field) => this.#field(field));
    const empty = `{${fields.map((field) => field({})).join(' ')}}`;
    write = (value) => {
      if (value === undefined) return empty;
      let out = '{';
      for (let i = 0; i < fields.length; i++) out += (i === 0 ? '' : ' ') + fields[i]!(value as Fields);
      return `${out}}`;
    };
    this.#structs.set(typeId, write);
    return write;
  }

  #field({ goName, jsonName, inline, type }: FieldLayout): (parent: Fields) => string {
    const write = this.#typed(type);
    const absent = `${goName}:${write(undefined)}`;
    if (inline) {
      // The JSON of an embedded struct lies in its parent; a pointer to one is nil when none of its fields is there.
      return (parent) => `${goName}:${write(parent)}`;
    }
    return (parent) => {
      const value = parent[jsonName];
      return value === undefined ? absent : `${goName}:${write(value)}`;
    };
  }

  /** A value with its type in front, as in fields. */
  #typed(type: TypeRef): Write {
    const name = `(${type.goName})`;
    const bare = this.#bare(type);
    if (type.kind === 'pointer' || type.kind === 'slice' || type.kind === 'map' || type.kind === 'bytes')
      return (value) => (isNil(value, type) ? `${name}<nil>` : name + bare(value));
    return (value) => name + bare(value);
  }

  #bare(type: TypeRef): Write {
    switch (type.kind) {
      case 'struct':
        return this.struct(type.typeId);
      case 'pointer':
        return this.#bare(type.element);
      case 'slice': {
        const item = this.#bare(type.element);
        return (value) => `[${(value as readonly unknown[]).map(item).join(' ')}]`;
      }
      case 'map': {
        const item = this.#bare(type.element);
        return (value) => {
          const map = value as Fields;
          const keys = Object.keys(map).sort(compareBytes);
          return `map[${keys.map((key) => `${key}:${item(map[key])}`).join(' ')}]`;
        };
      }
      case 'scalar':
        return scalarWriter(type.scalar);
      case 'special':
        return SPECIAL[type.special] ?? String;
      case 'bytes':
      case 'interface':
        return String;
    }
  }
}

/** Go reads empty lists and maps of a stored template back as nil. */
function isNil(value: unknown, type: TypeRef): boolean {
  if (value === undefined || value === null) return true;
  if (type.kind === 'slice') return (value as readonly unknown[]).length === 0;
  return type.kind === 'map' && Object.keys(value).length === 0;
}

function scalarWriter(scalar: string): Write {
  if (scalar === 'string') return (value) => (value as string | undefined) ?? '';
  if (scalar === 'bool') return (value) => (value === true ? 'true' : 'false');
  return (value) => String(value ?? 0);
}

const quantities = new Map<string, string>();

function quantity(value: unknown): string {
  const text = String(value ?? '0');
  let written = quantities.get(text);
  if (written === undefined) quantities.set(text, (written = writeQuantity(text)));
  return written;
}

function writeQuantity(text: string): string {
  const parsed = parseQuantity(text)?.reparsed();
  if (!parsed) return '';
  const { unscaled, scale, infDec, cachedText, format } = parsed;
  const amount = infDec ? [0, 0] : [unscaled, scale];
  const dec = infDec
    ? `(*inf.Dec){unscaled:(big.Int){neg:(bool)${BigInt(unscaled) < 0n} abs:(big.nat)[${words(unscaled).join(' ')}]} scale:(inf.Scale)${-scale}}`
    : '(*inf.Dec)<nil>';
  return `{i:(resource.int64Amount){value:(int64)${amount[0]} scale:(resource.Scale)${amount[1]}} d:(resource.infDecAmount){Dec:${dec}} s:(string)${cachedText} Format:(resource.Format)${format}}`;
}

/** The 64-bit words of a big number, lowest first, as math/big keeps them. */
function words(value: number | bigint): bigint[] {
  const found: bigint[] = [];
  for (let rest = BigInt(value) < 0n ? -BigInt(value) : BigInt(value); rest > 0n; rest >>= 64n)
    found.push(rest & (2n ** 64n - 1n));
  return found;
}

function intOrString(value: unknown): string {
  if (typeof value === 'string') return `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`;
  return `{Type:(intstr.Type)0 IntVal:(int32)${value ?? 0} StrVal:(string)}`;
}

/** Templates carry no times: those of their metadata are never set. */
const NO_TIME = '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}';

const SPECIAL: Readonly<Record<string, Write>> = { Quantity: quantity, IntOrString: intOrString, Time: () => NO_TIME };
