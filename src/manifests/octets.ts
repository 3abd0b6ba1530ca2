// Bytes that are not UTF-8 in a text that otherwise is: kept as characters that no UTF-8 text can hold, so that the document around
// them is refused with its line, and the other documents of the file are judged.
// Behaviour: go.yaml.in/yaml v2.4 readerc.go, as in Kubernetes v1.36.3.

/** Half a pair of surrogates for each octet that is part of no character. */
const FIRST = 0xdc00;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function textWithOctets(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(at, end);
    try {
      text += decoder.decode(line);
    } catch {
      text += lineWithOctets(line, decoder);
    }
    at = end;
  }
  return text;
}

function lineWithOctets(line: Uint8Array, decoder: { decode(bytes: Uint8Array): string }): string {
  let text = '';
  for (let at = 0; at < line.length; ) {
    const width = widthOf(line[at]!);
    try {
      if (width === 0) throw new TypeError();
      text += decoder.decode(line.subarray(at, at + width));
      at += width;
    } catch {
      text += String.fromCharCode(FIRST + line[at]!);
      at += 1;
    }
  }
  return text;
}

function widthOf(octet: number): number {
  if (octet < 0x80) return 1;
  if ((octet & 0xe0) === 0xc0) return 2;
  if ((octet & 0xf0) === 0xe0) return 3;
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}

/** The first of them in a text, and what go-yaml says of it. */
export function invalidOctet(text: string): { readonly index: number; readonly problem: string } | undefined {
  const found = LONE_SURROGATE.exec(text);
  if (!found) return undefined;
  const octet = text.charCodeAt(found.index) - FIRST;
  return {
    index: found.index,
    problem: widthOf(octet) > 1 ? 'invalid trailing UTF-8 octet' : 'invalid leading UTF-8 octet',
  };
}
