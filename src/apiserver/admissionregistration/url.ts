// A URL taken apart, or what Go says is wrong with it.
// Behaviour: net/url/url.go of Go 1.26 (Parse), which Kubernetes v1.36.3 is built with.
// Differs: of a bad address between brackets it is only said that it cannot be parsed.
import { goQuote } from '../../apimachinery/go/quote.ts';
import { isIpv4, parseIp } from '../../apimachinery/ip-address.ts';

interface Url {
  readonly scheme: string;
  readonly host: string;
  /** As it would be written; absent without user information. */
  readonly user?: string;
  readonly query: string;
  readonly fragment: string;
}

type ParsedUrl = { readonly ok: true; readonly url: Url } | { readonly ok: false; readonly error: string };

class UrlError extends Error {}

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const PORT = /^(?::[0-9]*)?$/;
const ESCAPE = /%(?![0-9A-Fa-f]{2})/;
/** Characters that may stand in a host as they are; all beyond ASCII may. */
const HOST = /[^A-Za-z0-9\-_.~!"$&'()*+,:;<=>[\]%\u0080-\uffff]/;
/** Go refuses exactly these. */
const CONTROL = /[\u0000-\u001f\u007f]/;
const USER_KEPT = /[^A-Za-z0-9\-._~$&+,;=]/g;

export function parseUrl(text: string): ParsedUrl {
  const [given, fragment] = cut(text, '#');
  let blamed = given;
  try {
    const url = parse(given);
    blamed = text;
    return { ok: true, url: { ...url, fragment: unescaped(fragment) } };
  } catch (error) {
    if (error instanceof UrlError) return { ok: false, error: `parse ${goQuote(blamed)}: ${error.message}` };
    throw error;
  }
}

function parse(text: string): Omit<Url, 'fragment'> {
  if (CONTROL.test(text)) throw new UrlError('net/url: invalid control character in URL');
  if (text === '*') return { scheme: '', host: '', query: '' };
  const { scheme, rest } = splitScheme(text);
  const [beforeQuery, query] = cut(rest, '?');
  if (!beforeQuery.startsWith('/')) {
    if (scheme !== '') return { scheme, host: '', query };
    if (cut(beforeQuery, '/')[0].includes(':')) {
      throw new UrlError('first path segment in URL cannot contain colon');
    }
  }
  let path = beforeQuery;
  let authority: Pick<Url, 'host' | 'user'> = { host: '' };
  if (path.startsWith('//') && (scheme !== '' || !path.startsWith('///'))) {
    const slash = path.indexOf('/', 2);
    authority = parseAuthority(scheme, slash === -1 ? path.slice(2) : path.slice(2, slash));
    path = slash === -1 ? '' : path.slice(slash);
  }
  unescaped(path);
  return { scheme, ...authority, query };
}

function splitScheme(text: string): { readonly scheme: string; readonly rest: string } {
  const [scheme, rest] = cut(text, ':');
  if (scheme.length === text.length) return { scheme: '', rest: text };
  if (scheme === '') throw new UrlError('missing protocol scheme');
  return SCHEME.test(scheme) ? { scheme: scheme.toLowerCase(), rest } : { scheme: '', rest: text };
}

function parseAuthority(scheme: string, authority: string): Pick<Url, 'host' | 'user'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at === -1) return { host };
  const user = authority.slice(0, at);
  if (!USER.test(user)) throw new UrlError('net/url: invalid userinfo');
  const [name, password] = cut(user, ':');
  const written = escapeUser(unescaped(name));
  return { host, user: user.includes(':') ? `${written}:${escapeUser(unescaped(password))}` : written };
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw new UrlError('invalid IP-literal');
  if (bracket === 0) return parseIpLiteral(host);
  const colon = host.indexOf(':');
  if (colon !== -1) {
    // Only web addresses are held to a single colon; others may list several hosts.
    checkPort(host.slice(scheme === 'http' || scheme === 'https' ? colon : host.lastIndexOf(':')));
  }
  return unescapedHost(host);
}

function parseIpLiteral(host: string): string {
  const end = host.lastIndexOf(']');
  if (end === -1) throw new UrlError("missing ']' in host");
  const port = host.slice(end + 1);
  checkPort(port);
  const literal = host.slice(1, end);
  const zone = literal.indexOf('%25');
  const address =
    zone === -1 ? unescapedHost(literal) : unescapedHost(literal.slice(0, zone)) + unescaped(literal.slice(zone));
  const ip = parseIp(cut(address, '%')[0]);
  if (!ip) throw new UrlError(`invalid host: ParseAddr(${goQuote(address)}): unable to parse IP`);
  if (isIpv4(ip) && !address.includes(':')) throw new UrlError('invalid IP-literal');
  return `[${address}]${port}`;
}

function checkPort(port: string): void {
  if (!PORT.test(port)) throw new UrlError(`invalid port ${goQuote(port)} after host`);
}

function unescapedHost(text: string): string {
  const bad = HOST.exec(text);
  // Only what is beyond ASCII may be escaped in a host.
  const badEscape = /%(?![0-9A-Fa-f]{2})|%(?!25)[0-7]/.exec(text);
  if (badEscape && (!bad || badEscape.index < bad.index)) throw escapeError(text, badEscape.index);
  if (bad) throw new UrlError(`invalid character ${goQuote(bad[0])} in host name`);
  return unescaped(text);
}

function unescaped(text: string): string {
  const bad = ESCAPE.exec(text);
  if (bad) throw escapeError(text, bad.index);
  return text.includes('%') ? decodeBytes(text) : text;
}

function escapeError(text: string, at: number): UrlError {
  return new UrlError(`invalid URL escape ${goQuote(text.slice(at, at + 3))}`);
}

function decodeBytes(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = run.split('%').slice(1);
    return new TextDecoder().decode(Uint8Array.from(bytes, (hex) => Number.parseInt(hex, 16)));
  });
}

function escapeUser(text: string): string {
  return text.replace(USER_KEPT, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
