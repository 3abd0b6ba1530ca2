// The values of literals: numbers within their ranges, texts and bytes unescaped.
// Behaviour: the VisitInt, VisitUint, VisitDouble, VisitString and VisitBytes methods of cel-go v0.26.0 parser/parser.go.
import { MAX_INT64, MAX_UINT64, MIN_INT64 } from '../../../apimachinery/go/integer-limits.ts';
import { type CelValue, Uint } from '../values/value.ts';
import { T } from './lexer.ts';
import { unescapeLiteral } from './unescape.ts';

/** Both where a text is kept although it is wrong. */
interface ReadLiteral {
  readonly value?: CelValue;
  readonly error?: string;
}

/** Undefined where the token is no literal. */
export function readLiteral(kind: number, text: string, isNegative: boolean): ReadLiteral | undefined {
  switch (kind) {
    case T.INT: {
      const value = isNegative ? -BigInt(text) : BigInt(text);
      return value < MIN_INT64 || value > MAX_INT64 ? { error: 'invalid int literal' } : { value };
    }
    case T.UINT: {
      const value = BigInt(text.slice(0, -1));
      return value > MAX_UINT64 ? { error: 'invalid uint literal' } : { value: new Uint(value) };
    }
    case T.FLOAT: {
      const value = Number((isNegative ? '-' : '') + text);
      return Number.isFinite(value) ? { value } : { error: 'invalid double literal' };
    }
    case T.STRING: {
      const read = unescapeLiteral(text, false);
      return read.ok ? { value: read.text } : { value: text, error: read.error };
    }
    case T.BYTES: {
      const read = unescapeLiteral(text.slice(1), true);
      return read.ok ? { value: read.bytes } : { value: Buffer.from(text), error: read.error };
    }
    case T.TRUE:
      return { value: true };
    case T.FALSE:
      return { value: false };
    case T.NULL:
      return { value: null };
    default:
      return undefined;
  }
}
