// Whether a text may be a name, label, port, key …: a list of what is wrong with it, empty when it is valid.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go and pkg/api/validate/content, Kubernetes v1.36.3.
import { type ErrorPath, type FieldError, invalid, required } from '../field-error.ts';
import { byteLength } from '../go/utf8.ts';

const NONE: readonly string[] = [];

export const DNS1123_LABEL_MAX_LENGTH = 63;
export const DNS1123_SUBDOMAIN_MAX_LENGTH = 253;
const DNS1035_LABEL_MAX_LENGTH = 63;
const LABEL_VALUE_MAX_LENGTH = 63;
const LABEL_NAME_MAX_LENGTH = 63;
const PORT_NAME_MAX_LENGTH = 15;
const MAX_ID = 2_147_483_647;

const DNS1123_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS1123_LABEL_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const DNS1123_SUBDOMAIN = `${DNS1123_LABEL}(\\.${DNS1123_LABEL})*`;
const DNS1123_SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const DNS1123_LABEL_UNDERSCORE = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const DNS1123_SUBDOMAIN_UNDERSCORE = `${DNS1123_LABEL_UNDERSCORE}(\\.${DNS1123_LABEL_UNDERSCORE})*`;
const DNS1123_SUBDOMAIN_UNDERSCORE_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
const WILDCARD_DNS1123_SUBDOMAIN = `\\*\\.${DNS1123_SUBDOMAIN}`;
const WILDCARD_DNS1123_SUBDOMAIN_MESSAGE =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
const DNS1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const DNS1035_LABEL_MESSAGE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const LABEL_KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_KEY_MESSAGE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_VALUE = `(${LABEL_KEY})?`;
const LABEL_VALUE_MESSAGE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const C_IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*';
const C_IDENTIFIER_MESSAGE =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const PERCENT = '[0-9]+%';
const PERCENT_MESSAGE = "a valid percent string must be a numeric string followed by an ending '%'";
const HTTP_HEADER_NAME = '[-A-Za-z0-9]+';
const HTTP_HEADER_NAME_MESSAGE = "a valid HTTP header must consist of alphanumeric characters or '-'";
const ENV_VAR_NAME = '[-._a-zA-Z][-._a-zA-Z0-9]*';
const ENV_VAR_NAME_MESSAGE =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
const RELAXED_ENV_VAR_NAME_MESSAGE =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";
const CONFIG_MAP_KEY = '[-._a-zA-Z0-9]+';
const CONFIG_MAP_KEY_MESSAGE = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
const CONDITION_REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const CONDITION_REASON_MESSAGE =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
const DECIMAL_INTEGER_MESSAGE = 'must be a valid decimal integer in canonical form';

/** In Go $ is the end of the text; the v flag would change character classes, so plain expressions it is. */
function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

const dns1123LabelRegexp = whole(DNS1123_LABEL);
const dns1123SubdomainRegexp = whole(DNS1123_SUBDOMAIN);
const dns1123SubdomainUnderscoreRegexp = whole(DNS1123_SUBDOMAIN_UNDERSCORE);
const wildcardRegexp = whole(WILDCARD_DNS1123_SUBDOMAIN);
const dns1035LabelRegexp = whole(DNS1035_LABEL);
const labelKeyRegexp = whole(LABEL_KEY);
const labelValueRegexp = whole(LABEL_VALUE);
const cIdentifierRegexp = whole(C_IDENTIFIER);
const httpPathRegexp = whole(HTTP_PATH);
const percentRegexp = whole(PERCENT);
const httpHeaderNameRegexp = whole(HTTP_HEADER_NAME);
const envVarNameRegexp = whole(ENV_VAR_NAME);
const configMapKeyRegexp = whole(CONFIG_MAP_KEY);
const conditionReasonRegexp = whole(CONDITION_REASON);

export function maxLengthError(length: number): string {
  return `must be no more than ${length} characters`;
}

/** The newer validators count the same bytes but call them so. */
export function maxBytesError(length: number): string {
  return `must be no more than ${length} bytes`;
}

function emptyError(): string {
  return 'must be non-empty';
}

export function inclusiveRangeError(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

function regexError(message: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${message} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

export function isDns1123Label(value: string): readonly string[] {
  return dns1123Label(value, maxLengthError);
}

function dns1123Label(value: string, lengthError: (length: number) => string): readonly string[] {
  const matches = dns1123LabelRegexp.test(value);
  if (matches && value.length <= DNS1123_LABEL_MAX_LENGTH) return NONE;
  const errors: string[] = [];
  if (byteLength(value) > DNS1123_LABEL_MAX_LENGTH) errors.push(lengthError(DNS1123_LABEL_MAX_LENGTH));
  if (matches) return errors;
  // A valid subdomain that is no label can only have dots too many.
  if (dns1123SubdomainRegexp.test(value)) errors.push('must not contain dots');
  else errors.push(regexError(DNS1123_LABEL_MESSAGE, DNS1123_LABEL, 'my-name', '123-abc'));
  return errors;
}

export function isDns1123Subdomain(value: string): readonly string[] {
  return dns1123Subdomain(value, maxLengthError);
}

function dns1123Subdomain(value: string, lengthError: (length: number) => string): readonly string[] {
  return lengthAndPattern(value, DNS1123_SUBDOMAIN_MAX_LENGTH, lengthError, dns1123SubdomainRegexp, () =>
    regexError(DNS1123_SUBDOMAIN_MESSAGE, DNS1123_SUBDOMAIN, 'example.com'),
  );
}

export function isDns1123SubdomainWithUnderscore(value: string): readonly string[] {
  return lengthAndPattern(value, DNS1123_SUBDOMAIN_MAX_LENGTH, maxLengthError, dns1123SubdomainUnderscoreRegexp, () =>
    regexError(DNS1123_SUBDOMAIN_UNDERSCORE_MESSAGE, DNS1123_SUBDOMAIN_UNDERSCORE, 'example.com'),
  );
}

export function isWildcardDns1123Subdomain(value: string): readonly string[] {
  return lengthAndPattern(value, DNS1123_SUBDOMAIN_MAX_LENGTH, maxLengthError, wildcardRegexp, () =>
    regexError(WILDCARD_DNS1123_SUBDOMAIN_MESSAGE, WILDCARD_DNS1123_SUBDOMAIN, '*.example.com'),
  );
}

export function isDns1035Label(value: string): readonly string[] {
  return lengthAndPattern(value, DNS1035_LABEL_MAX_LENGTH, maxLengthError, dns1035LabelRegexp, () =>
    regexError(DNS1035_LABEL_MESSAGE, DNS1035_LABEL, 'my-name', 'abc-123'),
  );
}

function lengthAndPattern(
  value: string,
  maxLength: number,
  lengthError: (length: number) => string,
  pattern: RegExp,
  message: () => string,
): readonly string[] {
  const matches = pattern.test(value);
  // What matches is ASCII, so its length in units is its length in bytes.
  if (matches && value.length <= maxLength) return NONE;
  const errors: string[] = [];
  if (byteLength(value) > maxLength) errors.push(lengthError(maxLength));
  if (!matches) errors.push(message());
  return errors;
}

/** A label key: an optional DNS subdomain and a slash, then a name. Upstream also calls it a qualified name. */
export function isQualifiedName(value: string): readonly string[] {
  const slash = value.indexOf('/');
  if (slash < 0 && value.length <= LABEL_NAME_MAX_LENGTH && labelKeyRegexp.test(value)) return NONE;
  const errors: string[] = [];
  let name = value;
  if (slash >= 0) {
    if (value.indexOf('/', slash + 1) >= 0) {
      const rule = regexError(LABEL_KEY_MESSAGE, LABEL_KEY, 'MyName', 'my.name', '123-abc');
      return [`a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
    }
    const prefix = value.slice(0, slash);
    name = value.slice(slash + 1);
    if (prefix === '') errors.push(`prefix part ${emptyError()}`);
    else for (const message of dns1123Subdomain(prefix, maxBytesError)) errors.push(`prefix part ${message}`);
  }
  if (name === '') errors.push(`name part ${emptyError()}`);
  else if (byteLength(name) > LABEL_NAME_MAX_LENGTH) errors.push(`name part ${maxBytesError(LABEL_NAME_MAX_LENGTH)}`);
  if (!labelKeyRegexp.test(name)) {
    errors.push(`name part ${regexError(LABEL_KEY_MESSAGE, LABEL_KEY, 'MyName', 'my.name', '123-abc')}`);
  }
  return errors;
}

export function isValidLabelValue(value: string): readonly string[] {
  return lengthAndPattern(value, LABEL_VALUE_MAX_LENGTH, maxBytesError, labelValueRegexp, () =>
    regexError(LABEL_VALUE_MESSAGE, LABEL_VALUE, 'MyValue', 'my_value', '12345'),
  );
}

export function isCIdentifier(value: string): readonly string[] {
  if (cIdentifierRegexp.test(value)) return NONE;
  return [regexError(C_IDENTIFIER_MESSAGE, C_IDENTIFIER, 'my_name', 'MY_NAME', 'MyName')];
}

export function isValidPortNum(port: number): readonly string[] {
  return isInRange(port, 1, 65535);
}

function isInRange(value: number, low: number, high: number): readonly string[] {
  return value >= low && value <= high ? NONE : [inclusiveRangeError(low, high)];
}

export function isValidGroupId(gid: number): readonly string[] {
  return isInRange(gid, 0, MAX_ID);
}

export function isValidUserId(uid: number): readonly string[] {
  return isInRange(uid, 0, MAX_ID);
}

export function isValidPortName(port: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(port) > PORT_NAME_MAX_LENGTH) errors.push(maxLengthError(PORT_NAME_MAX_LENGTH));
  if (!/^[-a-z0-9]+$/.test(port)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(port)) errors.push('must contain at least one letter (a-z)');
  if (port.includes('--')) errors.push('must not contain consecutive hyphens');
  if (port.startsWith('-') || port.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

export function isValidPercent(percent: string): readonly string[] {
  return percentRegexp.test(percent) ? NONE : [regexError(PERCENT_MESSAGE, PERCENT, '1%', '93%')];
}

export function isHttpHeaderName(value: string): readonly string[] {
  if (httpHeaderNameRegexp.test(value)) return NONE;
  return [regexError(HTTP_HEADER_NAME_MESSAGE, HTTP_HEADER_NAME, 'X-Header-Name')];
}

export function isEnvVarName(value: string): readonly string[] {
  const errors: string[] = [];
  if (!envVarNameRegexp.test(value)) {
    errors.push(regexError(ENV_VAR_NAME_MESSAGE, ENV_VAR_NAME, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1'));
  }
  errors.push(...hasParentDirectoryPrefix(value));
  return errors;
}

export function isRelaxedEnvVarName(value: string): readonly string[] {
  if (value === '') return [`environment variable name ${emptyError()}`];
  return /^[\x20-\x3c\x3e-\x7e]*$/.test(value) ? NONE : [RELAXED_ENV_VAR_NAME_MESSAGE];
}

export function isConfigMapKey(value: string): readonly string[] {
  const errors = [
    ...lengthAndPattern(value, DNS1123_SUBDOMAIN_MAX_LENGTH, maxLengthError, configMapKeyRegexp, () =>
      regexError(CONFIG_MAP_KEY_MESSAGE, CONFIG_MAP_KEY, 'key.name', 'KEY_NAME', 'key-name'),
    ),
  ];
  errors.push(...hasParentDirectoryPrefix(value));
  return errors;
}

function hasParentDirectoryPrefix(value: string): readonly string[] {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  return value.startsWith('..') ? ["must not start with '..'"] : NONE;
}

export function isDecimalInteger(value: string): readonly string[] {
  if (value === '') return [emptyError()];
  return /^(?:0|-?[1-9][0-9]*)$/.test(value) ? NONE : [DECIMAL_INTEGER_MESSAGE];
}

export function isValidConditionReason(value: string): readonly string[] {
  if (conditionReasonRegexp.test(value)) return NONE;
  const examples = ['my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB'];
  return [regexError(CONDITION_REASON_MESSAGE, CONDITION_REASON, ...examples)];
}

/** A name that stands as one segment of a path: of an API request or of a key in etcd. */
export function isPathSegmentName(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return isPathSegmentPrefix(name);
}

export function isPathSegmentPrefix(name: string): readonly string[] {
  if (!name.includes('/') && !name.includes('%')) return NONE;
  return ['/', '%'].filter((illegal) => name.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}

export function isFullyQualifiedName(path: ErrorPath, name: string): readonly FieldError[] {
  if (name === '') return [required(path, '')];
  const errors = isDns1123Subdomain(name);
  if (errors.length > 0) return [invalid(path, name, errors.join(','))];
  if (name.split('.').length < 3) {
    return [invalid(path, name, 'should be a domain with at least three segments separated by dots')];
  }
  return [];
}

export function isFullyQualifiedDomainName(path: ErrorPath, text: string): readonly FieldError[] {
  if (text === '') return [required(path, '')];
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  const errors = isDns1123Subdomain(name);
  if (errors.length > 0) return [invalid(path, name, errors.join(','))];
  const labels = name.split('.');
  if (labels.length < 2) {
    return [invalid(path, name, 'should be a domain with at least two segments separated by dots')];
  }
  for (const label of labels) {
    const wrong = isDns1123Label(label);
    if (wrong.length > 0) return [invalid(path, label, wrong.join(','))];
  }
  return [];
}

export function isDomainPrefixedPath(path: ErrorPath, text: string): readonly FieldError[] {
  if (text === '') return [required(path, '')];
  const slash = text.indexOf('/');
  if (slash <= 0 || slash === text.length - 1) {
    return [invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const host = text.slice(0, slash);
  const rest = text.slice(slash + 1);
  const errors = isDns1123Subdomain(host).map((message) => invalid(path, host, message));
  if (!httpPathRegexp.test(rest)) errors.push(invalid(path, rest, regexError('Invalid path', HTTP_PATH)));
  return errors;
}

export function isDomainPrefixedKey(path: ErrorPath, key: string): readonly FieldError[] {
  if (key === '') return [required(path, '')];
  const errors = isQualifiedName(key).map((message) => invalid(path, key, message));
  if (errors.length > 0) return errors;
  if (key.split('/').length === 2) return [];
  return [invalid(path, key, 'must be a domain-prefixed key (such as "acme.io/foo")')];
}
