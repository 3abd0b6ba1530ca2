// Whether a text is a URI as it may stand in a request: absolute, or a path from the root.
// Behaviour: net/url/url.go of Go 1.26 (ParseRequestURI), which Kubernetes v1.36.3 is built with.
import { parseIp } from '../../../apimachinery/ip-address.ts';

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const CONTROL = /[\u0000-\u001f\u007f]/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const BAD_HOST = /[^A-Za-z0-9\-_.~!"$&'()*+,:;<=>[\]%\u0080-\uffff]/;
/** Only what is beyond ASCII may be escaped in a host. */
const BAD_HOST_ESCAPE = /%(?![0-9A-Fa-f]{2})|%(?!25)[0-7]/;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

export function isRequestUri(text: string): boolean {
  if (text === '' || CONTROL.test(text)) return false;
  if (text === '*') return true;
  const split = schemeAndRest(text);
  if (!split) return false;
  const { scheme } = split;
  const rest = split.rest.split('?')[0] ?? '';
  if (!rest.startsWith('/')) return scheme !== '';
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  // Without a scheme a request's path may begin with two slashes.
  if (!hasAuthority || scheme === '') return !BAD_ESCAPE.test(rest);
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  return isAuthority(authority, scheme) && (slash < 0 || !BAD_ESCAPE.test(rest.slice(slash)));
}

function schemeAndRest(text: string): { readonly scheme: string; readonly rest: string } | undefined {
  const colon = text.indexOf(':');
  if (colon < 0) return { scheme: '', rest: text };
  if (colon === 0) return undefined;
  const scheme = text.slice(0, colon);
  return SCHEME.test(scheme)
    ? { scheme: scheme.toLowerCase(), rest: text.slice(colon + 1) }
    : { scheme: '', rest: text };
}

function isAuthority(authority: string, scheme: string): boolean {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (at >= 0 && (!USER.test(user) || BAD_ESCAPE.test(user))) return false;
  const host = authority.slice(at + 1);
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return false;
  if (bracket === 0) {
    const end = host.lastIndexOf(']');
    const address = host.slice(1, end).split('%')[0] ?? '';
    return end > 0 && address.includes(':') && parseIp(address) !== undefined && isPort(host.slice(end + 1));
  }
  const isWeb = scheme === 'http' || scheme === 'https';
  const colon = isWeb ? host.indexOf(':') : host.lastIndexOf(':');
  return (colon < 0 || isPort(host.slice(colon))) && !BAD_HOST.test(host) && !BAD_HOST_ESCAPE.test(host);
}

function isPort(text: string): boolean {
  return /^(?::[0-9]*)?$/.test(text);
}
