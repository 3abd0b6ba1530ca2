// A recorded sequence of requests and commands, as fixtures/conformance/apply holds them.

export type Json = Readonly<Record<string, unknown>>;

export interface WatchedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export type Step =
  | {
      readonly verb: string;
      readonly path: string;
      readonly query?: Readonly<Record<string, string | boolean>>;
      readonly contentType?: string;
      readonly userAgent?: string;
      readonly body?: unknown;
      readonly expect?: Json;
    }
  | {
      readonly kubectl: readonly string[];
      readonly files?: Readonly<Record<string, string>>;
      readonly env?: Readonly<Record<string, string>>;
      readonly watch?: readonly WatchedObject[];
      readonly remaining?: readonly string[];
      readonly expect?: Json;
    };

export interface Sequence {
  readonly id: string;
  readonly family: string;
  readonly kind: string;
  readonly watch?: readonly WatchedObject[];
  readonly steps: readonly Step[];
}
