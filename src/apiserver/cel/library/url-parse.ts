// URLs as Go's net/url reads and prints them.
// Behaviour: net/url, Go 1.26.
import { goQuote } from '../../../apimachinery/go/quote.ts';

export interface ParsedUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly rawPath: string;
  readonly query: string;
  readonly forceQuery: boolean;
  readonly fragment: string;
}
type UrlResult = { readonly ok: true; readonly url: ParsedUrl } | { readonly ok: false; readonly error: string };

class UrlError extends Error {}

/** An absolute URI or an absolute path, as a request line has it. */
export function parseRequestUri(text: string): UrlResult {
  return attempt(text, () => parse(text, true));
}

export function parseUrl(text: string): UrlResult {
  const hash = text.indexOf('#');
  const body = hash < 0 ? text : text.slice(0, hash);
  return attempt(text, () => ({
    ...parse(body, false),
    fragment: hash < 0 ? '' : percentDecode(text.slice(hash + 1), 'fragment'),
  }));
}

function attempt(text: string, read: () => ParsedUrl): UrlResult {
  try {
    return { ok: true, url: read() };
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    return { ok: false, error: `parse ${goQuote(text)}: ${error.message}` };
  }
}

function parse(text: string, viaRequest: boolean): ParsedUrl {
  if (/[\x00-\x1f\x7f]/.test(text)) throw new UrlError('net/url: invalid control character in URL');
  if (text === '' && viaRequest) throw new UrlError('empty url');
  const url = {
    scheme: '',
    opaque: '',
    user: undefined as string | undefined,
    host: '',
    path: '',
    rawPath: '',
    query: '',
    forceQuery: false,
    fragment: '',
  };
  if (text === '*') return { ...url, path: '*' };
  const { scheme, rest: afterScheme } = splitScheme(text);
  url.scheme = scheme.toLowerCase();
  let rest = afterScheme;
  if (rest.endsWith('?') && rest.indexOf('?') === rest.length - 1) {
    url.forceQuery = true;
    rest = rest.slice(0, -1);
  } else {
    const mark = rest.indexOf('?');
    if (mark >= 0) {
      url.query = rest.slice(mark + 1);
      rest = rest.slice(0, mark);
    }
  }
  if (!rest.startsWith('/')) {
    if (url.scheme !== '') return { ...url, opaque: rest };
    if (viaRequest) throw new UrlError('invalid URI for request');
    const segment = rest.split('/')[0] ?? '';
    if (segment.includes(':')) throw new UrlError('first path segment in URL cannot contain colon');
  }
  if ((url.scheme !== '' || (!viaRequest && !rest.startsWith('///'))) && rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2);
    const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
    rest = slash < 0 ? '' : rest.slice(slash);
    Object.assign(url, parseAuthority(authority));
  }
  url.path = percentDecode(rest, 'path');
  url.rawPath = rest === escapePath(url.path) ? '' : rest;
  return url;
}

function splitScheme(text: string): { readonly scheme: string; readonly rest: string } {
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (/[A-Za-z]/.test(c)) continue;
    if (/[0-9+.-]/.test(c)) {
      if (i === 0) return { scheme: '', rest: text };
      continue;
    }
    if (c === ':') {
      if (i === 0) throw new UrlError('missing protocol scheme');
      return { scheme: text.slice(0, i), rest: text.slice(i + 1) };
    }
    return { scheme: '', rest: text };
  }
  return { scheme: '', rest: text };
}

function parseAuthority(authority: string): { readonly user: string | undefined; readonly host: string } {
  const at = authority.lastIndexOf('@');
  const host = parseHost(at < 0 ? authority : authority.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) throw new UrlError('net/url: invalid userinfo');
  percentDecode(user, 'user');
  return { user, host };
}

function parseHost(host: string): string {
  const open = host.indexOf('[');
  if (open > 0) throw new UrlError('invalid IP-literal');
  if (open === 0) {
    const close = host.lastIndexOf(']');
    if (close < 0) throw new UrlError("missing ']' in host");
    const port = host.slice(close + 1);
    if (!validPort(port)) throw new UrlError(`invalid port ${goQuote(port)} after host`);
    const zone = host.slice(0, close).indexOf('%25');
    if (zone >= 0) {
      return (
        percentDecode(host.slice(0, zone), 'host') +
        percentDecode(host.slice(zone, close), 'zone') +
        percentDecode(host.slice(close), 'host')
      );
    }
  } else {
    const colon = host.lastIndexOf(':');
    if (colon >= 0 && !validPort(host.slice(colon)))
      throw new UrlError(`invalid port ${goQuote(host.slice(colon))} after host`);
  }
  return percentDecode(host, 'host');
}

const validPort = (port: string): boolean => port === '' || /^:[0-9]*$/.test(port);

type Mode = 'path' | 'host' | 'zone' | 'user' | 'query' | 'fragment';

function percentDecode(text: string, mode: Mode): string {
  const bytes: number[] = [];
  const source = Buffer.from(text);
  for (let i = 0; i < source.length; i++) {
    const c = String.fromCharCode(source[i] as number);
    if (c === '%') {
      const part = source.subarray(i, i + 3).toString();
      if (!/^%[0-9A-Fa-f]{2}/.test(part)) throw new UrlError(`invalid URL escape ${goQuote(part)}`);
      const code = Number.parseInt(part.slice(1), 16);
      if (mode === 'host' && code < 0x80 && part !== '%25') throw new UrlError(`invalid URL escape ${goQuote(part)}`);
      if (mode === 'zone' && part !== '%25' && code !== 0x20 && shouldEscape(String.fromCharCode(code), 'host')) {
        throw new UrlError(`invalid URL escape ${goQuote(part)}`);
      }
      bytes.push(code);
      i += 2;
    } else if (c === '+' && mode === 'query') {
      bytes.push(0x20);
    } else {
      if ((mode === 'host' || mode === 'zone') && (source[i] as number) < 0x80 && shouldEscape(c, mode)) {
        throw new UrlError(`invalid character ${goQuote(c)} in host name`);
      }
      bytes.push(source[i] as number);
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

function shouldEscape(c: string, mode: Mode): boolean {
  if (/[A-Za-z0-9\-_.~]/.test(c)) return false;
  if ((mode === 'host' || mode === 'zone') && '!$&\'()*+,;=:[]<>"'.includes(c)) return false;
  if (mode === 'path') return !'$&+,/:;=@'.includes(c);
  if (mode === 'fragment') return !"$&+,/:;=?@!()*'".includes(c);
  return true;
}

const percentEncode = (text: string, mode: Mode): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const c = String.fromCharCode(byte);
      return byte < 0x80 && !shouldEscape(c, mode) ? c : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

const escapePath = (path: string): string => percentEncode(path, 'path');

export function escapedPath(url: ParsedUrl): string {
  if (url.rawPath !== '' && /^[A-Za-z0-9\-_.~!$&'()*+,;=:@/[\]%]*$/.test(url.rawPath)) return url.rawPath;
  return url.path === '*' ? '*' : escapePath(url.path);
}

export function urlText(url: ParsedUrl): string {
  let text = url.scheme === '' ? '' : `${url.scheme}:`;
  if (url.opaque !== '') {
    text += url.opaque;
  } else {
    const path = escapedPath(url);
    if (url.scheme !== '' || url.host !== '' || url.user !== undefined) {
      if (url.host !== '' || url.path !== '' || url.user !== undefined) text += '//';
      if (url.user !== undefined) text += `${url.user}@`;
      text += percentEncode(url.host, 'host');
    }
    if (path !== '' && !path.startsWith('/') && url.host !== '') text += '/';
    if (text === '' && (path.split('/')[0] ?? '').includes(':')) text += './';
    text += path;
  }
  if (url.forceQuery || url.query !== '') text += `?${url.query}`;
  return url.fragment === '' ? text : `${text}#${percentEncode(url.fragment, 'fragment')}`;
}

export function hostName(host: string): string {
  const [name] = splitHost(host);
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

export function hostPort(host: string): string {
  return splitHost(host)[1];
}

function splitHost(host: string): readonly [string, string] {
  const colon = host.lastIndexOf(':');
  return colon >= 0 && validPort(host.slice(colon)) ? [host.slice(0, colon), host.slice(colon + 1)] : [host, ''];
}

/** The values of each key; a pair that cannot be read is left out. */
export function queryValues(query: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const equals = part.indexOf('=');
    try {
      const key = percentDecode(equals < 0 ? part : part.slice(0, equals), 'query');
      const value = percentDecode(equals < 0 ? '' : part.slice(equals + 1), 'query');
      values.set(key, [...(values.get(key) ?? []), value]);
    } catch (error) {
      if (!(error instanceof UrlError)) throw error;
    }
  }
  return values;
}
