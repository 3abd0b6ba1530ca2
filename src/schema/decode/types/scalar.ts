// Strings, booleans, floats and integers.
// Behaviour: literalStore in sigs.k8s.io/json internal/golang/encoding/json/decode.go, Kubernetes v1.36.3.
import type { TypeRef } from '../../layout.ts';
import { isNumber, numberText, RawNumber } from '../json-tree.ts';
import type { CompiledType } from './compiled-type.ts';

export const stringType = (goName: string): CompiledType => ({
  decode(value, previous, run) {
    if (typeof value === 'string') return value;
    if (value !== null) run.saveMismatch(value, goName);
    return previous;
  },
  zero: () => '',
  isEmpty: (value) => value === '',
});

const boolType = (goName: string): CompiledType => ({
  decode(value, previous, run) {
    if (typeof value === 'boolean') return value;
    if (value !== null) run.saveMismatch(value, goName);
    return previous;
  },
  zero: () => false,
  isEmpty: (value) => value === false,
});

const floatType = (goName: string): CompiledType => ({
  decode(value, previous, run) {
    if (value === null) return previous;
    if (!isNumber(value)) {
      run.saveMismatch(value, goName);
      return previous;
    }
    const number = Number(value);
    if (Number.isFinite(number)) return number;
    run.save(run.mismatch(`number ${numberText(value)}`, goName));
    return previous;
  },
  zero: () => 0,
  isEmpty: (value) => value === 0,
});

const INTEGER = /^-?\d+$/;

/** The integer that a number's text stands for, or nothing where Go's ParseInt refuses it. */
export function readInteger(
  value: number | bigint | RawNumber,
  min: bigint,
  max: bigint,
): number | RawNumber | undefined {
  const text = numberText(value);
  if (!INTEGER.test(text)) return undefined;
  const exact = BigInt(text);
  if (exact < min || exact > max) return undefined;
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : new RawNumber(String(exact));
}

export function integerType(goName: string, bits: number, signed: boolean): CompiledType {
  const span = 1n << BigInt(signed ? bits - 1 : bits);
  const [min, max] = [signed ? -span : 0n, span - 1n];
  const [low, high] = [Number(min), bits > 53 ? Number.MAX_SAFE_INTEGER : Number(max)];
  const lowest = Math.max(low, Number.MIN_SAFE_INTEGER);
  return {
    decode(value, previous, run) {
      if (
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= lowest &&
        value <= high &&
        !Object.is(value, -0)
      )
        return value;
      if (value === null) return previous;
      if (!isNumber(value)) {
        run.saveMismatch(value, goName);
        return previous;
      }
      const integer = readInteger(value, min, max);
      if (integer !== undefined) return integer;
      run.save(run.mismatch(`number ${numberText(value)}`, goName));
      return previous;
    },
    zero: () => 0,
    isEmpty: (value) => value === 0,
  };
}

export function scalarType(type: Extract<TypeRef, { kind: 'scalar' }>): CompiledType {
  const { scalar, goName } = type;
  if (scalar === 'string') return stringType(goName);
  if (scalar === 'bool') return boolType(goName);
  if (scalar.startsWith('float')) return floatType(goName);
  const match = /^(u?)int(\d*)$/.exec(scalar)!;
  return integerType(goName, match[2] === '' ? 64 : Number(match[2]), match[1] === '');
}
