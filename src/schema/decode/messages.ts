// What the API server says when a body cannot be read, around the decoder's own words.
// Behaviour: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/rest.go (transformDecodeError, summarizeData) and
// staging/src/k8s.io/apimachinery/pkg/runtime/error.go, Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';

const SUMMARY_BYTES = 30;

/** The body is of a known kind but cannot become the kind that the resource needs. */
export function cannotBeHandled(
  gvk: { readonly kind: string; readonly version: string },
  wanted: string,
  cause: string,
): string {
  return `${gvk.kind} in version ${goQuote(gvk.version)} cannot be handled as a ${wanted}: ${cause}`;
}

/** Not even the kind can be read from the body. */
export function unrecognized(wanted: string, cause: string, body: string): string {
  return `the object provided is unrecognized (must be of type ${wanted}): ${cause} (${summarizeBody(body)})`;
}

/** Strict errors joined as one; the parts are what the decoder (and, before it, the YAML reader) objected to. */
export function strictDecodingError(errors: readonly string[]): string {
  return `strict decoding error: ${errors.join(', ')}`;
}

export function kindNotRegistered(kind: string, apiVersion: string): string {
  return `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
}

export function missingKind(body: string): string {
  return `Object 'Kind' is missing in '${body}'`;
}

export function missingVersion(body: string): string {
  return `Object 'apiVersion' is missing in '${body}'`;
}

/** The first bytes of a body: as they are where it looks like JSON, else in hexadecimal. */
function summarizeBody(body: string): string {
  if (body === '') return '<empty>';
  const bytes = new TextEncoder().encode(body);
  const cut = bytes.length > SUMMARY_BYTES;
  const head = cut ? bytes.subarray(0, SUMMARY_BYTES) : bytes;
  const text = body.startsWith('{')
    ? new TextDecoder().decode(head)
    : Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return cut ? `${text} ...` : text;
}
