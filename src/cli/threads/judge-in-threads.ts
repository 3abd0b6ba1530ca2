// Reads and judges many files in several threads; the report is the one that a single thread would make, byte for byte.
import { Worker } from 'node:worker_threads';
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import { judgeDeciding, reportOf, type Verdict } from '../../planner/validation/validate-manifests.ts';
import type { ValidationReport } from '../../planner/validation/validation-report.ts';
import type { CommandInput } from '../command.ts';
import type { Io } from '../io.ts';
import { withSurroundings } from '../load-input.ts';
import {
  claimTable,
  commonManifests,
  decidingOf,
  type JudgedBlock,
  type JudgeOptions,
  type JudgeTask,
  judging,
  manifestsOf,
  type ReadShare,
  Share,
  withParams,
} from './share.ts';
import type { JudgeOrder, WorkerStart } from './worker.ts';

/** Most of what a verdict needs is garbage at once: room for it spares copying. */
const YOUNG_GENERATION_MB = 48;

interface ReadInThreads {
  /** Of the input and of the described cluster. */
  readonly diagnostics: readonly Diagnostic[];
  readonly manifests: number;
  /** Those of the manifests that concern all: they alone may say what to do with findings. */
  readonly common: readonly Manifest[];
  judge(options: JudgeOptions, kubernetesVersion: string | undefined): Promise<ValidationReport>;
  end(): Promise<void>;
}

export async function readInThreads(
  files: readonly string[],
  threads: number,
  given: CommandInput,
  io: Io,
): Promise<ReadInThreads> {
  const table = claimTable(files.length);
  const helpers = Array.from({ length: threads - 1 }, () => new Helper({ files, given, table }));
  const own = new Share(files, given, io);
  const shares = [own.read(table), ...(await Promise.all(helpers.map((helper) => helper.next<ReadShare>())))];
  const found = {
    common: shares.flatMap(({ common }) => common).sort((a, b) => a.index - b.index),
    groups: [...new Set(shares.flatMap(({ groups }) => groups))].sort(),
  };
  const ground = withParams(found, files, io);
  const problems = shares.flatMap(({ diagnostics }) => diagnostics).sort(([a], [b]) => a - b);
  const surroundings = await withSurroundings({ manifests: [], diagnostics: [] }, given, io);
  return {
    diagnostics: [...problems.flatMap(([, diagnostics]) => diagnostics), ...surroundings.diagnostics],
    manifests: shares.reduce((sum, { manifests }) => sum + manifests, 0),
    common: commonManifests(ground),
    async judge(options, kubernetesVersion) {
      const task = { ground, options, kubernetesVersion };
      const order: JudgeOrder = { task, table: claimTable(files.length) };
      const others = helpers.map((helper) => helper.ask<readonly JudgedBlock[]>(order));
      const mine = await own.judge(task, order.table);
      const blocks = [mine, ...(await Promise.all(others))].flat().sort(([a], [b]) => a - b);
      return mergeBlocks(blocks, task, given, io);
    },
    async end() {
      await Promise.all(helpers.map((helper) => helper.end()));
    },
  };
}

/** The results in the order of the input; those of what decides about others come from here. */
export async function mergeBlocks(
  blocks: readonly JudgedBlock[],
  task: JudgeTask,
  given: CommandInput,
  io: Pick<Io, 'files'>,
): Promise<ValidationReport> {
  const { world, validate } = await judging(task, given, io);
  const deciding = decidingOf(task.ground);
  const decided = judgeDeciding(world, deciding, validate);
  let next = 0;
  const verdicts = blocks.flatMap(([, each]) =>
    each.map((verdict): Verdict => verdict ?? decided.get(deciding[next++]!)!),
  );
  return reportOf(world, verdicts, manifestFinder(verdicts, io), validate);
}

/** Finds the manifest of a verdict again, whichever thread has read it. */
function manifestFinder(verdicts: readonly Verdict[], io: Pick<Io, 'files'>): (index: number) => Manifest {
  const counts = new Map<string, number>();
  const places = verdicts.map(({ result: { source } }) => {
    const place = counts.get(source.file) ?? 0;
    counts.set(source.file, place + 1);
    return place;
  });
  const read = new Map<string, readonly Manifest[]>();
  return (index) => {
    const { file } = verdicts[index]!.result.source;
    const manifests = read.get(file) ?? manifestsOf(file, io);
    read.set(file, manifests);
    // A file may be named twice.
    return manifests[places[index]! % manifests.length]!;
  };
}

/** One further thread, from this side. */
class Helper {
  readonly #worker: Worker;
  readonly #answers: string[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(workerData: WorkerStart) {
    // Beside the chunks of the bundle; the source runs in one thread.
    const program = new URL('../validate-worker.js', import.meta.url);
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    this.#worker = new Worker(program, { workerData, resourceLimits });
    this.#worker.on('message', (answer: string) => {
      this.#answers.push(answer);
      this.#wake?.();
    });
    this.#worker.on('error', (error) => {
      this.#failure = error;
      this.#wake?.();
    });
  }

  ask<T>(order: JudgeOrder): Promise<T> {
    this.#worker.postMessage(order);
    return this.next<T>();
  }

  /** The next answer; the thread sends them as JSON text. */
  async next<T>(): Promise<T> {
    while (this.#answers.length === 0 && !this.#failure)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#failure) throw this.#failure;
    return JSON.parse(this.#answers.shift()!) as T;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
