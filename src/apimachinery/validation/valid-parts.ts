// Parts of objects that were found valid by one rule. Objects are never changed, and their versions share what stayed the same,
// so that such a part need not be looked at again.
import type { FieldError } from '../field-error.ts';

const NO_ERRORS: readonly FieldError[] = [];

export class ValidParts<T extends object> {
  readonly #known = new WeakSet<T>();

  /** What the rule says of the part; nothing where there is none. */
  errors(part: T | undefined, rule: (part: T) => readonly FieldError[]): readonly FieldError[] {
    if (part === undefined || this.#known.has(part)) return NO_ERRORS;
    const errors = rule(part);
    if (errors.length === 0) this.#known.add(part);
    return errors;
  }
}
