// One thread's part in judging many files. Threads claim blocks of files from common tables: first to read them, then to judge them,
// so that whoever starts late or is slowed down does less. Verdicts do not depend on who judges: what decides about other objects
// is submitted in every thread, and everything else is asked for as a dry run.
import type { Diagnostic, ObjectRef } from '../../apimachinery/diagnostic.ts';
import { locate, type Manifest, parseManifests } from '../../manifests/manifest.ts';
import { readFile } from '../../manifests/read.ts';
import { describedWorld } from '../../planner/described-world.ts';
import { groupsOf, loadValidationParts } from '../../planner/parts.ts';
import { type TiedObject, withoutMet } from '../../planner/references/join-ties.ts';
import { decidersBeside, isDecidingKind, kindText, paramKindsOf } from '../../planner/validation/deciding.ts';
import {
  judgeDeciding,
  type ValidateOptions,
  type Verdict,
  verdictOn,
} from '../../planner/validation/validate-manifests.ts';
import type { CommandInput } from '../command.ts';
import { isConfiguration } from '../config/config-kind.ts';
import { IGNORE_ANNOTATION } from '../gate/suppressions.ts';
import type { Io } from '../io.ts';
import { type LoadedInput, readOnce, withSurroundings } from '../load-input.ts';
import { optimizeLater } from './optimize-later.ts';

const BLOCK_SIZE = 32;

/** What the command line says of judging; the rest follows from the input. */
export type JudgeOptions = Omit<ValidateOptions, 'kubernetesVersion' | 'defaultNamespace' | 'isClusterDescribed'>;

/** What all threads are asked alike. */
export interface JudgeTask {
  readonly ground: CommonGround;
  readonly options: JudgeOptions;
  readonly kubernetesVersion: string | undefined;
}

/** A file that concerns all threads: something in it decides about other objects, or says what to do with findings. */
interface CommonFile {
  readonly index: number;
  readonly file: string;
  readonly content: string;
}

export interface ReadShare {
  readonly common: readonly CommonFile[];
  readonly groups: readonly string[];
  readonly manifests: number;
  /** Per file, by its index. */
  readonly diagnostics: readonly (readonly [index: number, diagnostics: readonly Diagnostic[]])[];
}

/** What all threads found together; the common files stand in the order of their indexes. */
interface CommonGround {
  readonly common: readonly CommonFile[];
  readonly groups: readonly string[];
}

/** Verdicts of one block, in the order of its manifests; null stands for one that decides about others. */
export type JudgedBlock = readonly [block: number, verdicts: readonly (Verdict | null)[]];

/** A table in which threads claim blocks: 0 is nobody's. */
export function claimTable(files: number): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * Math.ceil(files / BLOCK_SIZE));
}

export class Share {
  readonly #files: readonly string[];
  readonly #given: CommandInput;
  readonly #io: Pick<Io, 'files'>;
  readonly #blocks = new Map<number, readonly Manifest[]>();

  constructor(files: readonly string[], given: CommandInput, io: Pick<Io, 'files'>) {
    this.#files = files;
    this.#given = given;
    this.#io = io;
  }

  /** Reads blocks until all are claimed; `limit` is for tests that play several threads in one. */
  read(table: SharedArrayBuffer, limit = Number.POSITIVE_INFINITY): ReadShare {
    const claims = new Int32Array(table);
    const common: CommonFile[] = [];
    const groups = new Set<string>();
    const diagnostics: (readonly [number, readonly Diagnostic[]])[] = [];
    let count = 0;
    for (let block = 0, left = limit; block < claims.length && left > 0; block++) {
      if (!claim(claims, block)) continue;
      left -= 1;
      const manifests = this.#readBlock(block, (index, file, set) => {
        if (set.diagnostics.length > 0) diagnostics.push([index, set.diagnostics]);
        if (set.manifests.some(concernsAll)) common.push({ index, file, content: this.#io.files.read(file) });
      });
      for (const group of groupsOf({ manifests })) groups.add(group);
      this.#blocks.set(block, manifests);
      count += manifests.length;
    }
    return { common, groups: [...groups], manifests: count, diagnostics };
  }

  /** Judges what this thread has read, then what others have not got to. */
  async judge(
    task: JudgeTask,
    table: SharedArrayBuffer,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<readonly JudgedBlock[]> {
    const { ground } = task;
    const claims = new Int32Array(table);
    const { world, validate } = await judging(task, this.#given, this.#io);
    optimizeLater();
    judgeDeciding(world, decidingOf(ground), validate);
    const decides = decidersBeside(commonManifests(ground));
    const judged: [block: number, verdicts: (Verdict | null)[], manifests: readonly Manifest[]][] = [];
    const own = [...this.#blocks.keys()];
    const others = Array.from(claims, (_, i) => claims.length - 1 - i).filter((block) => !this.#blocks.has(block));
    for (const block of [...own, ...others]) {
      if (judged.length >= limit) break;
      if (!claim(claims, block)) continue;
      const manifests = this.#blocks.get(block) ?? this.#readBlock(block);
      const verdicts = manifests.map((manifest) => (decides(manifest) ? null : verdictOn(world, manifest, validate)));
      judged.push([block, verdicts, manifests]);
    }
    const tied = judged.flatMap(([, verdicts, manifests]) =>
      verdicts.map(
        (verdict, i): TiedObject => ({
          object: verdict?.result.object ?? NOTHING,
          ties: verdict?.ties,
          locate: (field) => locate(manifests[i]!, field),
        }),
      ),
    );
    const open = withoutMet(tied).values();
    return judged.map(([block, verdicts]) => [
      block,
      verdicts.map((verdict) => {
        const ties = open.next().value;
        return verdict && ties ? { ...verdict, ties } : verdict;
      }),
    ]);
  }

  #readBlock(
    block: number,
    each?: (index: number, file: string, set: ReturnType<typeof readFile>) => void,
  ): readonly Manifest[] {
    const first = block * BLOCK_SIZE;
    return this.#files.slice(first, first + BLOCK_SIZE).flatMap((file, i) => {
      const set = readFile(file, this.#io.files);
      each?.(first + i, file, set);
      return set.manifests.filter((manifest) => !isConfiguration(manifest));
    });
  }
}

/** Stands for what another thread answers for. */
const NOTHING: ObjectRef = { apiVersion: '', kind: '', name: '' };

function claim(claims: Int32Array, block: number): boolean {
  return Atomics.compareExchange(claims, block, 0, 1) === 0;
}

function concernsAll(manifest: Manifest): boolean {
  return isDecidingKind(manifest) || manifest.document.text.includes(IGNORE_ANNOTATION);
}

/** The manifests of one file, as every thread counts them. */
export function manifestsOf(file: string, io: Pick<Io, 'files'>): readonly Manifest[] {
  return readFile(file, io.files).manifests.filter((manifest) => !isConfiguration(manifest));
}

/** The manifests of the common files, in the order of the input. */
export function commonManifests({ common }: CommonGround): readonly Manifest[] {
  return common.flatMap(({ file, content }) => parseManifests(file, content).manifests);
}

export function decidingOf(ground: CommonGround): readonly Manifest[] {
  const manifests = commonManifests(ground);
  return manifests.filter(decidersBeside(manifests));
}

/** With the files that hold parameters of policies, which only show themselves as such once all policies are known. */
export function withParams(ground: CommonGround, files: readonly string[], io: Pick<Io, 'files'>): CommonGround {
  const params = paramKindsOf(commonManifests(ground));
  if (params.size === 0) return ground;
  const known = new Set(ground.common.map(({ index }) => index));
  const names = [...params].map((text) => text.slice(text.indexOf(' ') + 1));
  const more = files.flatMap((file, index): CommonFile[] => {
    const content = known.has(index) ? '' : textOf(file, io);
    const mayHold = names.some((name) => content.includes(name));
    const holds = mayHold && parseManifests(file, content).manifests.some((manifest) => params.has(kindText(manifest)));
    return holds ? [{ index, file, content }] : [];
  });
  return { ...ground, common: [...ground.common, ...more].sort((a, b) => a.index - b.index) };
}

/** What cannot be read was told of when it was to be read first. */
function textOf(file: string, io: Pick<Io, 'files'>): string {
  try {
    return io.files.read(file);
  } catch {
    return '';
  }
}

/** The cluster to ask, before anything was submitted, and the rest of what the command line says. */
export async function judging(
  { ground: { groups }, options, kubernetesVersion }: JudgeTask,
  given: CommandInput,
  io: Pick<Io, 'files'>,
) {
  const chosen =
    kubernetesVersion === undefined ? given : { ...given, options: { ...given.options, kubernetesVersion } };
  const loaded: LoadedInput = await withSurroundings({ manifests: [], diagnostics: [] }, chosen, io);
  const { input, diagnostics } = loaded;
  const all = [...new Set([...groups, ...groupsOf(input)])].sort();
  const parts = await loadValidationParts(all, input.cluster !== undefined);
  const world = describedWorld({ ...input, cluster: readOnce(input).cluster ?? { objects: [] }, parts }, []);
  const validate: ValidateOptions = {
    ...options,
    kubernetesVersion: input.kubernetes.version,
    defaultNamespace: input.defaultNamespace,
    isClusterDescribed: input.cluster !== undefined,
  };
  return { world, validate, diagnostics };
}
