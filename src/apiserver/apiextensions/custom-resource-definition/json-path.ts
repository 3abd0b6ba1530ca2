// Whether a path such as `.spec.color` leads to a field that a schema declares.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/cel/validation.go (ValidFieldPath), Kubernetes v1.36.3.
import { childOf, type FieldPath, keyOf } from '../../../apimachinery/field-path.ts';
import { GO_ESCAPES } from '../../../apimachinery/go/escapes.ts';
import type { JSONSchemaProps } from '../../../schema/generated/types/apiextensions-v1.ts';
import { additionalSchema } from './schema-visitor.ts';

type ResolvedPath =
  | { readonly ok: true; readonly path: FieldPath | undefined; readonly schema: JSONSchemaProps | undefined }
  | { readonly ok: false; readonly error: string };

const NO_FIELD = 'does not refer to a valid field';
const NO_ARRAYS = 'array notation is not allowed';
const END = 'unexpected end of JSON path';

class PathError extends Error {}

/** Delimiters, text in single quotes, and what stands between. */
function tokens(path: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < path.length; ) {
    const length = tokenLength(path, at);
    found.push(path.slice(at, at + length));
    at += length;
  }
  return found;
}

function tokenLength(path: string, start: number): number {
  const isQuoted = path[start] === "'";
  for (let i = start; i < path.length; i++) {
    const char = path[i] ?? '';
    if (isQuoted) {
      if (i > start && char === "'" && path[i - 1] !== '\\') return i + 1 - start;
    } else if (char === '.' || char === '[' || char === ']') return i === start ? 1 : i - start;
  }
  return path.length - start;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (all, escaped: string) => {
    const plain = GO_ESCAPES.get(escaped);
    if (plain === undefined) throw new PathError(`invalid string literal: invalid escape char ${all}`);
    return plain;
  });
}

export function resolveJsonPath(
  path: string,
  schema: JSONSchemaProps,
  { allowArrayNotation }: { readonly allowArrayNotation: boolean },
): ResolvedPath {
  try {
    return { ok: true, ...resolve(tokens(path), schema, allowArrayNotation) };
  } catch (error) {
    if (error instanceof PathError) return { ok: false, error: error.message };
    throw error;
  }
}

function resolve(all: readonly string[], root: JSONSchemaProps, allowsArrays: boolean) {
  let at = 0;
  let path: FieldPath | undefined;
  let schema: JSONSchemaProps | undefined = root;
  const next = (): string => {
    const token = all[at++];
    if (token === undefined) throw new PathError(END);
    return token;
  };
  const enter = (name: string): void => {
    if (schema?.properties) {
      path = childOf(path, name);
      if (!Object.hasOwn(schema.properties, name)) throw new PathError(NO_FIELD);
      schema = schema.properties[name];
    } else if (schema?.additionalProperties !== undefined) {
      path = keyOf(path, name);
      schema = additionalSchema(schema);
    } else throw new PathError(NO_FIELD);
  };
  while (at < all.length) {
    const token = next();
    if (token === '.') enter(next());
    else if (token === '[') {
      if (!allowsArrays) throw new PathError(NO_ARRAYS);
      const quoted = next();
      if (quoted.length < 2 || !quoted.startsWith("'") || !quoted.endsWith("'"))
        throw new PathError(`expected single quoted string but got ${quoted}`);
      enter(unescaped(quoted.slice(1, -1)));
      const end = next();
      if (end !== ']') throw new PathError(`expected ] but got ${end}`);
    } else throw new PathError(`expected [ or . but got: ${token}`);
  }
  return { path, schema };
}
