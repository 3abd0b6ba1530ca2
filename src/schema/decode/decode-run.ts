// One decoding: where it stands in the document, the errors met so far, and how Go words them.
// Behaviour: sigs.k8s.io/json internal/golang/encoding/json/decode.go and kubernetes_patch.go, as in Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import { isNumber, type JsonEntries } from './json-tree.ts';
import type { SharedValues } from './shared-values.ts';

const MAX_STRICT_ERRORS = 100;

/** A step into a struct field. `embedded` are the Go names of the embedded structs that the field lies in. */
export interface FieldStep {
  readonly jsonName: string;
  readonly structName: string;
  readonly embedded: readonly string[];
}

/** A struct field, an index of an array, or a key of a map. */
export type Step = FieldStep | number | string;

/** A JSON value that does not fit a Go type: json.UnmarshalTypeError. */
export class TypeMismatch {
  readonly value: string;
  readonly goType: string;
  readonly structName: string;
  readonly field: string;

  constructor(value: string, goType: string, structName: string, field: string) {
    this.value = value;
    this.goType = goType;
    this.structName = structName;
    this.field = field;
  }

  /** The same mismatch seen from the decoder that had called the one which met it. */
  within(structName: string, fields: readonly string[]): TypeMismatch {
    if (structName === '' && fields.length === 0) return this;
    const all = this.field === '' ? fields : [...fields, this.field];
    return new TypeMismatch(this.value, this.goType, structName, all.join('.'));
  }

  toString(): string {
    const place =
      this.structName === '' && this.field === '' ? 'Go value' : `Go struct field ${this.structName}.${this.field}`;
    return `json: cannot unmarshal ${this.value} into ${place} of type ${this.goType}`;
  }
}

export type DecodeError = TypeMismatch | string;

/** Ends a decoding at once: what an UnmarshalJSON method answers is not collected but returned. */
export class DecodeFailure extends Error {
  readonly error: DecodeError;

  constructor(error: DecodeError) {
    super(String(error));
    this.error = error;
  }
}

export class DecodeRun {
  readonly strict: boolean;
  readonly sorted: boolean;
  readonly rawNumbers: boolean;
  readonly irregular: ReadonlyMap<object, JsonEntries> | undefined;
  readonly steps: Step[] = [];
  depth = 0;
  /** The first error that did not end the decoding. */
  error: DecodeError | undefined;
  /** Where the error was met that the decoding answers: `spec.containers[0].resources.requests[cpu]`. */
  errorField = '';
  readonly strictErrors: string[] = [];
  /** Whether anything was given as an empty list or map. */
  hasGivenEmpty = false;
  /** What objects that are decoded one after another have in common. */
  readonly shared: SharedValues | undefined;

  constructor(options: {
    readonly strict: boolean;
    readonly sorted: boolean;
    readonly rawNumbers: boolean;
    readonly irregular: ReadonlyMap<object, JsonEntries> | undefined;
    readonly shared?: SharedValues | undefined;
  }) {
    this.strict = options.strict;
    this.sorted = options.sorted;
    this.rawNumbers = options.rawNumbers;
    this.irregular = options.irregular;
    this.shared = options.shared;
  }

  /** The struct and the field names that Go's messages name. Indexes and map keys are not in them. */
  place(): { readonly structName: string; readonly fields: readonly string[] } {
    let structName = '';
    const fields: string[] = [];
    for (let i = 0; i < this.depth; i++) {
      const step = this.steps[i]!;
      if (typeof step !== 'object') continue;
      structName = step.structName;
      fields.push(...step.embedded, step.jsonName);
    }
    return { structName, fields };
  }

  /** The path that strict errors name: `spec.containers[0].env`. */
  path(last: string): string {
    // Go looks at the number of parts, not at the text: a path of one empty key still gets its dot.
    return this.depth === 0 ? last : `${this.#stepsText(false)}.${last}`;
  }

  /** Keys of maps in brackets, where diagnostics find them whatever they hold, or as Go writes them. */
  #stepsText(bracketsKeys: boolean): string {
    let out = '';
    for (let i = 0; i < this.depth; i++) {
      const step = this.steps[i]!;
      if (typeof step === 'number' || (bracketsKeys && typeof step === 'string')) out += `[${step}]`;
      else out += `${out === '' ? '' : '.'}${typeof step === 'string' ? step : step.jsonName}`;
    }
    return out;
  }

  mismatch(value: string, goType: string): TypeMismatch {
    const { structName, fields } = this.place();
    return new TypeMismatch(value, goType, structName, fields.join('.'));
  }

  save(error: DecodeError): undefined {
    if (this.error !== undefined) return undefined;
    this.error = error;
    this.errorField = this.#stepsText(true);
    return undefined;
  }

  /** Notes that a value does not fit and goes on without it. */
  saveMismatch(value: unknown, goType: string): undefined {
    return this.save(this.mismatch(describeValue(value), goType));
  }

  /** Ends the decoding with the error of a type that reads itself. */
  fail(error: DecodeError): DecodeFailure {
    this.errorField = this.#stepsText(true);
    if (typeof error === 'string') return new DecodeFailure(error);
    const { structName, fields } = this.place();
    return new DecodeFailure(error.within(structName, fields));
  }

  unknownField(name: string): void {
    this.saveStrict('unknown field', name);
  }

  duplicateField(name: string): void {
    this.saveStrict('duplicate field', name);
  }

  saveStrict(problem: string, name: string): void {
    if (!this.strict || this.strictErrors.length >= MAX_STRICT_ERRORS) return;
    const text = `${problem} ${goQuote(this.path(name))}`;
    if (!this.strictErrors.includes(text)) this.strictErrors.push(text);
  }
}

/** What Go calls a JSON value in a mismatch. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (isNumber(value)) return 'number';
  return Array.isArray(value) ? 'array' : 'object';
}
