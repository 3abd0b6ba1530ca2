// Reads the plain part of YAML that nearly all manifests keep to, several times as fast as a full parser: block maps and lists, one-line
// scalars and flow collections, literal blocks. Whatever is outside of it gives undefined and is left to the full parser.
// An optimisation: test/manifests/plain-yaml.test.ts proves that it answers as yaml-document.ts does, or not at all.
import { PlainReader } from './plain/block-reader.ts';
import type { Marks } from './plain/marks.ts';
import { BEYOND, UNUSUAL } from './plain/rules.ts';

/** The value of one document; undefined when the text goes beyond the plain part. */
export function readPlainYaml(text: string): { readonly value: unknown } | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const reader = new PlainReader(text);
  try {
    return { value: reader.read() };
  } catch (thrown) {
    if (thrown === BEYOND) return undefined;
    throw thrown;
  }
}

/** The same with the places of everything in it. */
export function readMarkedYaml(
  text: string,
): { readonly value: unknown; readonly start: number; readonly marks: Marks } | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const marks = new Map<object, Map<string | number, number>>();
  const reader = new PlainReader(text, marks);
  try {
    const value = reader.read();
    return { value, start: reader.first, marks };
  } catch (thrown) {
    if (thrown === BEYOND) return undefined;
    throw thrown;
  }
}
