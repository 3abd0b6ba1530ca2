// The warnings of one request as they fit into its Warning headers: each once, none that a header cannot carry, shortened when they are too many.
// Behaviour: [apiserver]/pkg/endpoints/filters/warning.go, [apimachinery]/pkg/util/net/http.go (NewWarningHeader), Kubernetes v1.36.3.

/** Characters of all warnings together; beyond it every one is cut. */
const MAX_TOTAL = 4096;
const MAX_ITEM = 256;
const CONTROL = /\p{Cc}/u;

export function warningHeaders(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return texts;
  const distinct = [...new Set(texts)].filter((text) => text !== '');
  const kept = distinct.filter((text) => !CONTROL.test(text));
  const total = kept.reduce((sum, text) => sum + lengthOf(text), 0);
  if (total <= MAX_TOTAL) return kept.length === texts.length ? texts : kept;
  const cut: string[] = [];
  let written = 0;
  for (const text of kept) {
    if (written >= MAX_TOTAL) break;
    const short = lengthOf(text) > MAX_ITEM ? [...text].slice(0, MAX_ITEM).join('') : text;
    written += lengthOf(short);
    cut.push(short);
  }
  return cut;
}

/** Length in code points: surrogate pairs count once. */
function lengthOf(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) count -= 1;
  return count;
}
