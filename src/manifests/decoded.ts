// What stands in the place of an object's JSON value where the object was decoded while its file was read.

/** An object of a built-in kind. */
export class Decoded {
  readonly object: Readonly<Record<string, unknown>>;
  /** The Kubernetes version whose types it is of, `1.36`. */
  readonly version: string;

  constructor(object: Readonly<Record<string, unknown>>, version: string) {
    this.object = object;
    this.version = version;
  }
}
