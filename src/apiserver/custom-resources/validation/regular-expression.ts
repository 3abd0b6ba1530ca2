// The regular expressions of schemas, compiled once each.
// Behaviour: regexp (RE2) of Go 1.26, k8s.io/kube-openapi pkg/validation/validate/rexp.go, Kubernetes v1.36.3.
import { RE2JS } from 're2js';

type Compiled = { readonly ok: true; test(text: string): boolean } | { readonly ok: false; readonly error: string };

const LIMIT = 10_000;
const compiled = new Map<string, Compiled>();

export function compilePattern(pattern: string): Compiled {
  const known = compiled.get(pattern);
  if (known) return known;
  const result = compile(pattern);
  if (compiled.size >= LIMIT) compiled.clear();
  compiled.set(pattern, result);
  return result;
}

function compile(pattern: string): Compiled {
  try {
    const expression = RE2JS.compile(pattern);
    return { ok: true, test: (text) => expression.test(text) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}
