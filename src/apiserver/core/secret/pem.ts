// Which PEM blocks a text holds.
// Behaviour: encoding/pem.Decode, Go 1.26.

const BLOCK =
  /^-----BEGIN ([^\n]*?)-----[ \t]*\r?\n((?:[^\n:]+:[^\n]*\n)*)([A-Za-z0-9+/=\s]*?)^-----END ([^\n]*?)-----[ \t]*\r?$/gm;

/** The types of the well-formed blocks, in order. */
export function pemBlockTypes(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder('latin1').decode(bytes);
  return [...text.matchAll(BLOCK)].flatMap(([, begin = '', , body = '', end = '']) =>
    begin === end && isBase64(body.replace(/\s/g, '')) ? [begin] : [],
  );
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
