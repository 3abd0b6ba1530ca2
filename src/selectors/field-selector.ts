// Selects objects by the values of a few fields: "metadata.name=web,status.phase!=Running".
// Behaviour: staging/src/k8s.io/apimachinery/pkg/fields/selector.go, Kubernetes v1.36.3.
import { compareBytes } from '../apimachinery/go/json.ts';

export type Fields = Readonly<Record<string, string>>;

export interface FieldTerm {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export interface FieldSelector {
  readonly terms: readonly FieldTerm[];
  /** A field that is absent counts as the empty text. */
  matches(fields: Fields): boolean;
  isEmpty(): boolean;
  toString(): string;
}

type ParsedFieldSelector =
  | { readonly ok: true; readonly value: FieldSelector }
  | { readonly ok: false; readonly error: string };

class Terms implements FieldSelector {
  readonly terms: readonly FieldTerm[];

  constructor(terms: readonly FieldTerm[]) {
    this.terms = terms;
  }

  matches(fields: Fields): boolean {
    for (const { field, operator, value } of this.terms) {
      const actual = Object.hasOwn(fields, field) ? (fields[field] ?? '') : '';
      if ((actual === value) !== (operator === '=')) return false;
    }
    return true;
  }

  isEmpty(): boolean {
    return this.terms.length === 0;
  }

  toString(): string {
    return this.terms.map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`).join(',');
  }
}

const EVERYTHING: FieldSelector = new Terms([]);

export function fieldSelectorOf(terms: readonly FieldTerm[]): FieldSelector {
  return terms.length === 0 ? EVERYTHING : new Terms(terms);
}

/** Terms are sorted as texts before they are read. */
export function parseFieldSelector(text: string): ParsedFieldSelector {
  const terms: FieldTerm[] = [];
  for (const part of splitTerms(text).sort(compareBytes)) {
    if (part === '') continue;
    // The first operator splits; the left side knows no escapes.
    const match = /^([\s\S]*?)(!=|==|=)([\s\S]*)$/.exec(part);
    if (match === null) {
      return { ok: false, error: `invalid selector: '${text}'; can't understand '${part}'` };
    }
    const value = unescapeValue(match[3] ?? '');
    if (!value.ok) return value;
    // A term about nothing is dropped.
    if (match[1] === '' && value.value === '') continue;
    terms.push({ field: match[1] ?? '', operator: match[2] === '!=' ? '!=' : '=', value: value.value });
  }
  return { ok: true, value: fieldSelectorOf(terms) };
}

/** Commas separate terms unless a backslash is before them. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) === '\\') i++;
    else if (text.charAt(i) === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

export function escapeValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}

type UnescapedValue = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string };

export function unescapeValue(text: string): UnescapedValue {
  let value = '';
  const chars = [...text];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? '';
    if (char === '\\') {
      const next = chars[++i] ?? '';
      if (next !== '\\' && next !== ',' && next !== '=') {
        return { ok: false, error: `invalid field selector: invalid escape sequence: \\${next}` };
      }
      value += next;
    } else if (char === ',' || char === '=') {
      // Upstream prints the number of the character.
      const error = `invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`;
      return { ok: false, error };
    } else value += char;
  }
  return { ok: true, value };
}
