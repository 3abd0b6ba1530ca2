// The objects of a large file, as parseManifests finds them in its text.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { type Manifest, type ManifestSet, openDocument } from '../manifest.ts';
import { type ByteFile, CAPACITY } from './byte-file.ts';
import { type EachObject, LargeDocument, LargeFile } from './large-document.ts';
import { readLargeJson } from './large-json.ts';
import { readLargeYaml } from './large-yaml.ts';

export type { EachObject };

/** A file that has to be read as a whole, because of what stands from a line on. */
export class Irregular {
  readonly #file: LargeFile;
  readonly #at: number;

  constructor(file: LargeFile, at: number) {
    this.#file = file;
    this.#at = at;
  }

  get line(): number {
    return this.#file.lineOf(this.#at);
  }
}

/** `capacity`: bytes that are looked at together, if they are enough. */
export function readLargeFile(
  name: string,
  open: () => ByteFile,
  each?: EachObject,
  capacity = CAPACITY,
): ManifestSet | Irregular {
  const bytes = open();
  try {
    const read = beginsWithBrace(bytes) ? readLargeJson(bytes, capacity, each) : readLargeYaml(bytes, capacity, each);
    const file = new LargeFile(name, open);
    if ('stoppedAt' in read) return new Irregular(file, read.stoppedAt);
    const manifests: Manifest[] = [];
    const diagnostics: Diagnostic[] = [];
    read.forEach(({ parsed, ...bounds }, index) => {
      openDocument(new LargeDocument(file, { index, ...bounds }), parsed, manifests, diagnostics);
    });
    return { manifests, diagnostics };
  } finally {
    bytes.close();
  }
}

function beginsWithBrace(file: ByteFile): boolean {
  const start = Buffer.alloc(4096);
  const length = file.read(start, 0);
  return /^\s*\{/.test(start.toString('latin1', 0, length));
}
