// Marshals a value as Go's encoding/json does: sorted map keys, HTML-safe strings, Go's floats.
// Behaviour: encoding/json.Marshal, Go 1.26.

/** Marks an object as a Go struct: its fields keep the order given, where a map's keys are sorted. */
export class GoStruct {
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.fields = fields;
  }
}

export function goStruct(fields: Readonly<Record<string, unknown>>): GoStruct {
  return new GoStruct(fields);
}

/** Objects are Go maps (keys sorted by bytes) unless marked with goStruct; undefined fields are left out. */
export function goMarshal(value: unknown): string {
  return marshal(value, true);
}

/** The same for data whose objects are all structs in declaration order. */
export function goMarshalInOrder(value: unknown): string {
  return marshal(value, false);
}

function marshal(value: unknown, sortKeys: boolean): string {
  switch (typeof value) {
    case 'string':
      return goJsonString(value);
    case 'number':
      return goJsonNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((item) => marshal(item, sortKeys)).join(',')}]`;
      if (value instanceof GoStruct) return marshalEntries(Object.entries(value.fields), sortKeys);
      if (value instanceof Map) return marshalEntries([...value].sort(byKey), sortKeys);
      return marshalObject(value, sortKeys);
    default:
      return 'null';
  }
}

function marshalObject(value: object, sortKeys: boolean): string {
  if ('toJSON' in value && typeof value.toJSON === 'function') return marshal(value.toJSON(), sortKeys);
  const entries = Object.entries(value);
  if (sortKeys && entries.length > 1) entries.sort(byKey);
  return marshalEntries(entries, sortKeys);
}

function marshalEntries(entries: Iterable<readonly [string, unknown]>, sortKeys: boolean): string {
  let out = '';
  for (const [key, item] of entries) {
    if (item === undefined) continue;
    out += `${out === '' ? '' : ','}${goJsonString(key)}:${marshal(item, sortKeys)}`;
  }
  return `{${out}}`;
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compareBytes(a[0], b[0]);
}

/** Go compares strings by their UTF-8 bytes, which is the order of code points, not of UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xHigh = x >= 0xd800 && x <= 0xdfff;
    const yHigh = y >= 0xd800 && y <= 0xdfff;
    // A surrogate stands for a code point above every other unit.
    if (xHigh !== yHigh) return xHigh ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

function goJsonNumber(value: number): string {
  // NaN and infinities are an UnsupportedValueError in Go; no decoded object holds one.
  if (!Number.isFinite(value)) return 'null';
  return Object.is(value, -0) ? '-0' : String(value);
}

const PLAIN = /^[\x20\x21\x23-\x25\x27-\x3b\x3d\x3f-\x5b\x5d-\x7f]*$/;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

export function goJsonString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text) {
    const escaped = ESCAPES.get(char);
    if (escaped !== undefined) {
      out += escaped;
      continue;
    }
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) out += '\\ufffd';
    else if (code < 0x20 || char === '<' || char === '>' || char === '&' || code === 0x2028 || code === 0x2029) {
      out += `\\u${code.toString(16).padStart(4, '0')}`;
    } else out += char;
  }
  return `${out}"`;
}
