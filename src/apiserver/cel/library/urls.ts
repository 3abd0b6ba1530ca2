// url(), isURL and the parts of a URL.
// Behaviour: k8s.io/apiserver pkg/cel/library/urls.go, Kubernetes v1.36.3.
import { PlainList, PlainMap } from '../values/collections.ts';
import * as types from '../values/types.ts';
import { CelError, type CelValue, KubernetesValue, noSuchOverload, textOf } from '../values/value.ts';
import { type FunctionDecl, fn, global, member } from './declaration.ts';
import {
  escapedPath,
  hostName,
  hostPort,
  type ParsedUrl,
  parseRequestUri,
  parseUrl,
  queryValues,
  urlText,
} from './url-parse.ts';

class UrlValue extends KubernetesValue {
  readonly type = types.URL_TYPE;
  readonly url: ParsedUrl;
  constructor(url: ParsedUrl) {
    super();
    this.url = url;
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof UrlValue ? this.toString() === other.toString() : noSuchOverload(other);
  }
  toString(): string {
    return urlText(this.url);
  }
}

const PARSE_ERROR = 'URL parse error during conversion from string: ';

function toUrl(value: CelValue): CelValue {
  const text = textOf(value);
  if (text === undefined) return noSuchOverload(value);
  const request = parseRequestUri(text);
  if (!request.ok) return new CelError(PARSE_ERROR + request.error);
  const parsed = parseUrl(text);
  return parsed.ok ? new UrlValue(parsed.url) : new CelError(PARSE_ERROR + parsed.error);
}

const part = (name: string, id: string, result: string, read: (url: ParsedUrl) => CelValue): FunctionDecl =>
  fn(
    name,
    member(id, `url -> ${result}`, (value) => (value instanceof UrlValue ? read(value.url) : noSuchOverload(value))),
  );

export const URLS: readonly FunctionDecl[] = [
  fn(
    'url',
    global('string_to_url', 'string -> url', (value) => toUrl(value as CelValue)),
  ),
  part('getScheme', 'url_get_scheme', 'string', (url) => url.scheme),
  part('getHost', 'url_get_host', 'string', (url) => url.host),
  part('getHostname', 'url_get_hostname', 'string', (url) => hostName(url.host)),
  part('getPort', 'url_get_port', 'string', (url) => hostPort(url.host)),
  part('getEscapedPath', 'url_get_escaped_path', 'string', escapedPath),
  part(
    'getQuery',
    'url_get_query',
    'map(string, list(string))',
    (url) =>
      new PlainMap([...queryValues(url.query)].map(([key, values]) => [key, new PlainList([...values])] as const)),
  ),
  fn(
    'isURL',
    global('is_url_string', 'string -> bool', (value) => {
      const text = textOf(value as CelValue);
      return text === undefined ? noSuchOverload(value) : parseRequestUri(text).ok;
    }),
  ),
];
