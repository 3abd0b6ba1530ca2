// What characters are to YAML 1.1; each asks about the code unit at an index, and the end of the text is none of them.
// Behaviour: go.yaml.in/yaml v2.4 yamlprivateh.go, as in Kubernetes v1.36.3.

export function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09;
}

export function isEnd(text: string, at: number): boolean {
  return at >= text.length;
}

export function isBreakOrEnd(text: string, at: number): boolean {
  return at >= text.length || isBreak(text, at);
}

export function isBlankOrEnd(text: string, at: number): boolean {
  return at >= text.length || isBlank(text, at) || isBreak(text, at);
}

/** Letters of anchors, handles and directives. */
export function isAlpha(text: string, at: number): boolean {
  return /[0-9A-Za-z_-]/.test(text.charAt(at));
}

export function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

export function isHex(text: string, at: number): boolean {
  return /[0-9A-Fa-f]/.test(text.charAt(at));
}

/** `---` or `...` with nothing else before the next blank. */
export function isDocumentIndicator(text: string, at: number): boolean {
  return (text.startsWith('---', at) || text.startsWith('...', at)) && isBlankOrEnd(text, at + 3);
}

/** What the emitter writes as it is; anything else has to be escaped. */
export function isPrintable(text: string, at: number): boolean {
  const code = text.codePointAt(at) ?? 0;
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true;
  if (code < 0xa0 || code > 0xffff) return false;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfeff && code !== 0xfffe && code !== 0xffff;
}
