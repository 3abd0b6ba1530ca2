// Named formats: format.dns1123Label() and the like, format.named, validate.
// Behaviour: k8s.io/apiserver pkg/cel/library/format.go, Kubernetes v1.36.3.
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
} from '../../../apimachinery/validation/names.ts';
import { PlainList } from '../values/collections.ts';
import { parseTimestamp } from '../values/time.ts';
import * as types from '../values/types.ts';
import {
  type CelError,
  type CelValue,
  KubernetesValue,
  NONE,
  noSuchOverload,
  Optional,
  textOf,
} from '../values/value.ts';
import { type FunctionDecl, fn, global, member } from './declaration.ts';
import { parseRequestUri } from './url-parse.ts';

type Validate = (text: string) => readonly string[];

export class FormatValue extends KubernetesValue {
  readonly type = types.FORMAT;
  readonly name: string;
  readonly maxRegexSize: number;
  readonly validate: Validate;
  constructor(name: string, maxRegexSize: number, validate: Validate) {
    super();
    this.name = name;
    this.maxRegexSize = maxRegexSize;
    this.validate = validate;
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof FormatValue ? this.name === other.name : noSuchOverload(other);
  }
  toString(): string {
    return this.name;
  }
}

/** A name that may end in a dash stands for what is generated from it. */
const prefix =
  (validate: Validate): Validate =>
  (text) =>
    validate(text.endsWith('-') ? `${text.slice(0, -1)}a`.slice(text.length === 1 ? 1 : 0) : text);
const holds =
  (message: string, test: (text: string) => boolean): Validate =>
  (text) =>
    test(text) ? [] : [message];

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/\r\n]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const FORMATS: Readonly<Record<string, FormatValue>> = {
  dns1123Label: new FormatValue('DNS1123Label', 30, isDns1123Label),
  dns1123Subdomain: new FormatValue('DNS1123Subdomain', 60, isDns1123Subdomain),
  dns1035Label: new FormatValue('DNS1035Label', 30, isDns1035Label),
  qualifiedName: new FormatValue('QualifiedName', 60, isQualifiedName),
  dns1123LabelPrefix: new FormatValue('DNS1123LabelPrefix', 30, prefix(isDns1123Label)),
  dns1123SubdomainPrefix: new FormatValue('DNS1123SubdomainPrefix', 60, prefix(isDns1123Subdomain)),
  dns1035LabelPrefix: new FormatValue('DNS1035LabelPrefix', 30, prefix(isDns1035Label)),
  labelValue: new FormatValue('LabelValue', 40, isValidLabelValue),
  uri: new FormatValue('URI', 1103, (text) => {
    const parsed = parseRequestUri(text);
    return parsed.ok ? [] : [parsed.error];
  }),
  uuid: new FormatValue(
    'uuid',
    70,
    holds('does not match the UUID format', (text) => UUID.test(text)),
  ),
  byte: new FormatValue(
    'byte',
    84,
    holds('invalid base64', (text) => BASE64.test(text) && text !== ''),
  ),
  date: new FormatValue(
    'date',
    71,
    holds(
      'invalid date',
      (text) => /^\d{4}-\d\d-\d\d$/.test(text) && parseTimestamp(`${text}T00:00:00Z`) !== undefined,
    ),
  ),
  datetime: new FormatValue(
    'datetime',
    71,
    holds('invalid datetime', (text) => parseTimestamp(text.replace(/^(\d{4}-\d\d-\d\d)[t ]/, '$1T')) !== undefined),
  ),
};

export const FORMAT: readonly FunctionDecl[] = [
  fn(
    'validate',
    member('format-validate', 'format, string -> optional(list(string))', (format, value) => {
      if (!(format instanceof FormatValue)) return noSuchOverload(format);
      const text = textOf(value as CelValue);
      if (text === undefined) return noSuchOverload(value);
      const errors = format.validate(text);
      return errors.length === 0 ? NONE : new Optional(new PlainList([...errors]));
    }),
  ),
  fn(
    'format.named',
    global('format-named', 'string -> optional(format)', (value) => {
      const name = textOf(value as CelValue);
      if (name === undefined) return noSuchOverload(value);
      const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
      return format === undefined ? NONE : new Optional(format);
    }),
  ),
  ...Object.entries(FORMATS).map(([name, format]) =>
    fn(
      `format.${name}`,
      global(`format.${name}`, '-> format', () => format),
    ),
  ),
];
