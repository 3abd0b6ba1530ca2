// A saved plan from a file, checked: whole, of a format that this version reads, not edited into something else.
import { createHash } from 'node:crypto';
import type { Plan } from '../planner/changes/plan.ts';
import { FORMAT_VERSION } from '../planner/changes/plan.ts';
import { planSchema } from '../report/json/plan-schema.ts';
import { compileSchema } from '../schema/ajv.ts';
import { ExternalError, UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** Members that later minor versions added, as a plan without them means them. */
const ADDED: Partial<Plan> = {
  evictions: [],
  rollouts: [],
  nodes: [],
  namespaces: [],
  quotas: [],
  timeline: [],
  inputs: { manifests: unknownInput(), cluster: unknownInput() },
};

export function readPlan(file: string, io: Io): Plan {
  if (file !== '-' && io.files.kind(file) === 'missing') throw new UsageError(`the path "${file}" does not exist`);
  const value = parsed(file, io);
  const { kind, formatVersion } = (value ?? {}) as { readonly kind?: unknown; readonly formatVersion?: unknown };
  if (kind !== 'Plan') throw new ExternalError(`${file} is not a saved plan: its kind is not Plan`);
  checkFormat(file, String(formatVersion));
  const { seal: _, ...saved } = value as Plan & { readonly seal?: unknown };
  const plan: Plan = { ...ADDED, ...saved };
  const [problem] = compileSchema(planSchema)(plan);
  if (problem)
    throw new ExternalError(`${file} was changed or cut: ${problem.path ? `${problem.path}: ` : ''}${problem.message}`);
  checkSeal(file, value as Plan);
  return plan;
}

function parsed(file: string, io: Io): unknown {
  let text: string;
  try {
    text = file === '-' ? io.files.stdin() : io.files.read(file);
  } catch (error) {
    throw new ExternalError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
  if (text.trim() === '') throw new ExternalError(`${file} is not a saved plan: it is empty`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // What ends too soon fails at its end.
    const isCut = Number(/position (\d+)/.exec(reason)?.[1] ?? text.length) >= text.trimEnd().length;
    throw new ExternalError(
      isCut
        ? `${file} is not a whole saved plan: it was cut off after ${text.length} characters; save it anew`
        : `${file} is not a saved plan: ${reason}`,
    );
  }
}

/** A newer minor version only adds what this version may leave unread; another major one must not be guessed at. */
function checkFormat(file: string, version: string): void {
  const [major] = version.split('.');
  if (major === FORMAT_VERSION.split('.')[0]) return;
  throw new ExternalError(
    `${file} has plan format ${version}, and this kubeplan reads ${FORMAT_VERSION}: use the version that wrote it or a newer one`,
  );
}

/** The plan as `--out` saves it, with a seal that tells whether somebody changed it afterwards. */
export function sealedPlan(plan: Plan): string {
  return `${JSON.stringify({ ...plan, seal: sealOf(plan) }, null, 2)}\n`;
}

function checkSeal(file: string, saved: Plan & { readonly seal?: unknown }): void {
  const { seal, ...plan } = saved;
  if (seal !== undefined && seal !== sealOf(plan))
    throw new ExternalError(`${file} was edited after it was saved: its seal does not fit; plan again`);
}

function sealOf(plan: object): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(plan)).digest('hex')}`;
}

function unknownInput(): Plan['inputs']['manifests'] {
  return { objects: 0, digest: `sha256:${'0'.repeat(64)}` };
}
