// The CEL expressions that select devices: compiled with the limits of what a device may say of itself, asked about one device.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/cel/compile.go, Kubernetes v1.36.3.
// Differs: attributes with lists of values (gate DRAListTypeAttributes, off) and `includes` are not there.
import { parseQuantityOrError } from '../../apimachinery/quantity/quantity.ts';
import type { DeviceAttribute, DeviceCapacity } from '../../schema/generated/types/resource-v1.ts';
import { type Compiled, compile, type Program } from '../cel/compile.ts';
import { variableEnvironment } from '../cel/environments.ts';
import { semverOf } from '../cel/library/semver.ts';
import { BINDINGS } from '../cel/parser/macros.ts';
import { DECL_BOOL, DECL_STRING, type DeclType, declMapType, declObjectType } from '../cel/schema/decl-type.ts';
import { PlainMap } from '../cel/values/collections.ts';
import * as types from '../cel/values/types.ts';
import { CelError, type CelValue, QuantityValue } from '../cel/values/value.ts';

const MAX_COST = 1_000_000;
const MAX_ATTRIBUTES = 32;
const MAX_VALUE_LENGTH = 64;
const MAX_DOMAIN_LENGTH = 63;
const MAX_ID_LENGTH = 32;
const MAX_DRIVER_LENGTH = 63;
const DEVICE = 'device';

const sized = (type: DeclType, maxElements: number): DeclType => ({ ...type, maxElements: BigInt(maxElements) });
const simple = (type: types.CelType, maxElements = 0): DeclType => ({
  type,
  minSerializedSize: 1,
  maxElements: BigInt(maxElements),
});

const ATTRIBUTE = simple(types.ANY, MAX_VALUE_LENGTH);
const ID = sized(DECL_STRING, MAX_ID_LENGTH);
const DOMAIN = sized(DECL_STRING, MAX_DOMAIN_LENGTH);
const ATTRIBUTES: DeclType = { ...declMapType(ATTRIBUTE, MAX_ATTRIBUTES), key: ID, anyField: ATTRIBUTE };
const CAPACITY: DeclType = { ...declMapType(simple(types.QUANTITY), MAX_ATTRIBUTES), key: ID };
const byDomain = (inner: DeclType): DeclType => ({ ...declMapType(inner, MAX_ATTRIBUTES), key: DOMAIN });

const ENVIRONMENT = variableEnvironment(
  DEVICE,
  declObjectType(
    'kubernetes.DRADevice',
    new Map([
      ['driver', sized(DECL_STRING, MAX_DRIVER_LENGTH)],
      ['allowMultipleAllocations', sized(DECL_BOOL, 1)],
      ['attributes', byDomain(ATTRIBUTES)],
      ['capacity', byDomain(CAPACITY)],
    ]),
  ),
  BINDINGS,
);

type CompiledSelector =
  | { readonly ok: true; readonly isTooExpensive: boolean; readonly program: Program }
  | { readonly ok: false; readonly error: string; readonly isInternal: boolean };

const known = new Map<string, CompiledSelector>();
const MOST_KNOWN = 1000;

export function compileSelector(expression: string): CompiledSelector {
  let selector = known.get(expression);
  if (!selector) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(expression, (selector = selectorOf(compile(expression, ENVIRONMENT))));
  }
  return selector;
}

function selectorOf(compiled: Compiled): CompiledSelector {
  const typed = compiled.ok ? compiled : compiled.unplanned;
  const failed = (error: string, isInternal = false): CompiledSelector => ({ ok: false, error, isInternal });
  if (!typed) return failed(`compilation failed: ${compiled.ok ? '' : compiled.error}`);
  // An attribute may be a bool, which only its device tells.
  if (typed.type.kind !== 'bool' && typed.type.kind !== 'any')
    return failed(`must evaluate to bool or the unknown type, not ${typed.type}`);
  if (!compiled.ok) return failed(compiled.error, true);
  return { ok: true, isTooExpensive: compiled.estimatedCost.max > BigInt(MAX_COST), program: compiled.program };
}

/** What an expression can know of a device; names without a domain are of the driver's. */
export interface SelectableDevice {
  readonly driver: string;
  readonly allowMultipleAllocations?: boolean;
  readonly attributes?: Readonly<Record<string, DeviceAttribute>>;
  readonly capacity?: Readonly<Record<string, DeviceCapacity>>;
}

type DeviceMatch = { readonly ok: true; readonly matches: boolean } | { readonly ok: false; readonly error: string };

/** Asks a compiled expression about a device. */
export function deviceMatches(program: Program, device: SelectableDevice): DeviceMatch {
  const attributes = new Domains(device.driver);
  for (const [name, attribute] of Object.entries(device.attributes ?? {})) {
    const value = attributeValue(attribute);
    if (value instanceof CelError) return { ok: false, error: `attribute ${name}: ${value.message}` };
    attributes.add(name, value);
  }
  const capacity = new Domains(device.driver);
  for (const [name, { value }] of Object.entries(device.capacity ?? {})) {
    const parsed = parseQuantityOrError(value);
    if (parsed.ok) capacity.add(name, new QuantityValue(parsed.value));
  }
  const described = new PlainMap(
    [
      ['driver', device.driver],
      ['allowMultipleAllocations', device.allowMultipleAllocations ?? false],
      ['attributes', attributes.map()],
      ['capacity', capacity.map()],
    ],
    true,
  );
  const result = program.evaluate(new Map([[DEVICE, described]]), MAX_COST);
  if (!result.ok) return result;
  if (typeof result.value === 'boolean') return { ok: true, matches: result.value };
  const type = typeName(result.value);
  return { ok: false, error: `CEL result of type ${type} could not be converted to bool: ${NOT_A_BOOL[type] ?? ''}` };
}

const NOT_A_BOOL: Readonly<Record<string, string>> = {
  int: "unsupported type conversion from 'int' to bool",
  string: "unsupported native conversion from string to 'bool'",
};

function typeName(value: CelValue): string {
  return typeof value === 'bigint' ? 'int' : typeof value === 'string' ? 'string' : 'kubernetes.Semver';
}

function attributeValue({ int, bool, string, version }: DeviceAttribute): CelValue {
  if (int !== undefined) return BigInt(int);
  if (bool !== undefined) return bool;
  if (string !== undefined) return string;
  if (version === undefined) return new CelError('unsupported attribute value');
  const parsed = semverOf(version);
  return parsed instanceof CelError ? new CelError(`parse semantic version: ${parsed.message}`) : parsed;
}

/** Values by domain and name. */
class Domains {
  readonly #driver: string;
  readonly #domains = new Map<string, (readonly [CelValue, CelValue])[]>();

  constructor(driver: string) {
    this.#driver = driver;
  }

  add(name: string, value: CelValue): void {
    const slash = name.indexOf('/');
    const domain = slash < 0 ? this.#driver : name.slice(0, slash);
    const entries = this.#domains.get(domain) ?? [];
    entries.push([name.slice(slash + 1), value]);
    this.#domains.set(domain, entries);
  }

  map(): CelValue {
    return new DomainMap([...this.#domains].map(([domain, entries]) => [domain, new PlainMap(entries, true)] as const));
  }
}

const EMPTY = new PlainMap([], true);

/** A domain that is not there reads as one without values. */
class DomainMap extends PlainMap {
  override find(key: CelValue): CelValue | undefined {
    return super.find(key) ?? EMPTY;
  }
  override has(key: CelValue): boolean {
    return super.find(key) !== undefined;
  }
}
