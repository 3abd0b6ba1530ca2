// Scores the copies under fixtures/conformance with the scorer kept beside each, prints the table, and holds the floors.
// A floor is the share (in percent) below which a figure must not fall; floors.json is raised when a figure rises.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCases } from './cases.ts';

const ROOT = 'fixtures/conformance';

interface Area {
  readonly name: string;
  /** Produces the results and returns the scorer's figures by name, in percent. */
  score(folder: string): Record<string, number>;
}

const AREAS: readonly Area[] = [
  { name: 'validation', score: scoreValidation },
  { name: 'scheduling', score: scoreScheduling },
  { name: 'hashes', score: scoreHashes },
  { name: 'convergence', score: scoreConvergence },
  { name: 'apply', score: scoreApply },
  { name: 'kubectl', score: scoreKubectl },
  { name: 'cel', score: scoreCel },
];

/** Prints the table; 0 when every floor holds. */
export async function scoreAll(): Promise<number> {
  const floors = JSON.parse(readFileSync(join(ROOT, 'floors.json'), 'utf8')) as Record<string, Record<string, number>>;
  let isBelow = false;
  const measured: Record<string, Record<string, number>> = {};
  for (const { name, score } of AREAS) {
    if (!existsSync(join(ROOT, name))) throw new Error(`${join(ROOT, name)} is missing`);
    const figures = score(join(ROOT, name));
    measured[name] = figures;
    for (const [figure, value] of Object.entries(figures)) {
      const floor = floors[name]?.[figure] ?? 0;
      const isLow = value < floor;
      isBelow ||= isLow;
      console.log(
        `${name.padEnd(12)} ${figure.padEnd(12)} ${value.toFixed(2).padStart(6)} %  floor ${floor}${isLow ? '  BELOW' : ''}`,
      );
    }
  }
  if (process.env['RAISE'] === '1')
    writeFileSync(join(ROOT, 'floors.json'), `${JSON.stringify(raised(floors, measured), null, 2)}\n`);
  return isBelow ? 1 : 0;
}

function raised(
  floors: Record<string, Record<string, number>>,
  measured: Record<string, Record<string, number>>,
): object {
  return Object.fromEntries(
    Object.entries(measured).map(([area, figures]) => [
      area,
      Object.fromEntries(
        Object.entries(figures).map(([name, value]) => [
          name,
          Math.max(floors[area]?.[name] ?? 0, Math.floor(value * 10) / 10),
        ]),
      ),
    ]),
  );
}

function answers(area: string, folder: string): string {
  return execFileSync(process.execPath, ['--import', 'tsx', 'scripts/conformance/main.ts', area, folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
}

function scored(area: string, folder: string, scorer: string): string {
  const temporary = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const results = join(temporary, 'results.jsonl');
    writeFileSync(results, answers(area, folder));
    return execFileSync(process.execPath, [join(ROOT, area, scorer), folder, results], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function scoreValidation(folder: string): Record<string, number> {
  const row =
    /^ALL\s+(.*)$/m
      .exec(scored('validation', folder, 'score.mjs'))?.[1]
      ?.trim()
      .split(/\s+/)
      .map(Number) ?? [];
  const [, decision = 0, , causes = 0, message = 0, object = 0, warnings = 0] = row;
  return { decision, causes, message, object, warnings };
}

/** The figures in the row of all families: after the counts, a column each, `-` where nothing has the thing. */
function scoreApply(folder: string): Record<string, number> {
  const row =
    /^ALL\s+(.*)$/m
      .exec(scored('apply', folder, 'score.mjs'))?.[1]
      ?.trim()
      .split(/\s+/)
      .map(Number) ?? [];
  const [, , code = 0, object = 0, managed = 0, message = 0] = row;
  return { code, object, managed, message };
}

function scoreKubectl(folder: string): Record<string, number> {
  const text = scored('kubectl', folder, 'score.mjs');
  const [, exact = 0] = /^ALL\s+(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
  return { exact };
}

function scoreCel(folder: string): Record<string, number> {
  return { whole: Number(/^whole cases: .* ([\d.]+) %$/m.exec(scored('cel', folder, 'score.mjs'))?.[1] ?? 0) };
}

function scoreScheduling(folder: string): Record<string, number> {
  const text = scored('scheduling', join(folder, 'cases.jsonl.gz'), 'score.mjs');
  return { whole: Number(/whole cases equal: .*\(([\d.]+)%\)/.exec(text)?.[1] ?? 0) };
}

function scoreHashes(folder: string): Record<string, number> {
  const path = join(folder, 'cases.jsonl.gz');
  const wanted = [...readCases<{ readonly hash: string }>(path)].map(({ hash }) => hash);
  const given = answers('hashes', path)
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { hash: string }).hash);
  return { hash: (100 * wanted.filter((hash, index) => hash === given[index]).length) / wanted.length };
}

function scoreConvergence(folder: string): Record<string, number> {
  const temporary = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    execFileSync(
      process.execPath,
      ['--import', 'tsx', 'scripts/conformance/main.ts', 'convergence', folder, temporary],
      { maxBuffer: 2 ** 30 },
    );
    const text = execFileSync(process.execPath, [join(folder, 'score.mjs'), '--all', folder, temporary, '--brief'], {
      encoding: 'utf8',
    });
    const [, objects, changed, whole, events] =
      /leaves: objects ([\d.]+)% of \d+, changed leaves ([\d.]+)%.*?whole objects ([\d.]+)%.*?events ([\d.]+)%/.exec(
        text,
      ) ?? [];
    const [, exact, all] = /^(\d+) of (\d+) scenarios exact/m.exec(text) ?? [];
    return {
      objects: Number(objects),
      changed: Number(changed),
      whole: Number(whole),
      events: Number(events),
      exact: (100 * Number(exact)) / Number(all),
    };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
