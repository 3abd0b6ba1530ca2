// A saved plan from a file, checked: whole, of a format that this version reads, not edited into something else.
import { FORMAT_VERSION, type Plan } from '../../planner/changes/plan.ts';
import { ExternalError, systemReason, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { sealOf } from './layout.ts';
import { openSealed } from './open-sealed.ts';

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

export async function readPlan(file: string, io: Io): Promise<Plan> {
  if (file !== '-' && io.files.kind(file) === 'missing') throw new UsageError(`the path "${file}" does not exist`);
  const bytes = readBytes(file, io);
  const sealed = openSealed(bytes);
  const value = sealed ?? parsed(file, bytes);
  const { kind, formatVersion } = (value ?? {}) as { readonly kind?: unknown; readonly formatVersion?: unknown };
  if (kind !== 'Plan') throw new ExternalError(`${file} is not a saved plan: its kind is not Plan`);
  checkFormat(file, String(formatVersion));
  return sealed ?? checkedPlan(file, value as Plan & { readonly seal?: unknown });
}

/** A plan that may come from anywhere: its members are what the schema says, its seal, if it has one, fits. */
async function checkedPlan(file: string, { seal, ...saved }: Plan & { readonly seal?: unknown }): Promise<Plan> {
  const plan: Plan = { ...ADDED, ...saved };
  const { planSchema } = await import('../../report/json/plan-schema.ts');
  const { compileSchema } = await import('../../schema/ajv.ts');
  const [problem] = compileSchema(planSchema)(plan);
  if (problem)
    throw new ExternalError(`${file} was changed or cut: ${problem.path ? `${problem.path}: ` : ''}${problem.message}`);
  if (seal !== undefined && seal !== sealOf(saved))
    throw new ExternalError(`${file} was edited after it was saved: its seal does not fit; plan again`);
  return plan;
}

function readBytes(file: string, io: Io): Buffer {
  try {
    return file === '-' ? Buffer.from(io.files.stdin()) : io.readBytes(file);
  } catch (error) {
    throw new ExternalError(`cannot read ${file}: ${systemReason(error)}`);
  }
}

function parsed(file: string, bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  if (text.trim() === '') throw new ExternalError(`${file} is not a saved plan: it is empty`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const place = /position (\d+)/.exec(reason)?.[1];
    // What ends too soon fails at its end.
    const isCut = /end of JSON|Unterminated/.test(reason) || Number(place) >= text.trimEnd().length;
    throw new ExternalError(
      isCut
        ? `${file} is not a whole saved plan: it was cut off after ${text.length} characters; save it anew`
        : `${file} is not a saved plan: it is not JSON${place === undefined ? '' : ` at character ${place}`}`,
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

function unknownInput(): Plan['inputs']['manifests'] {
  return { objects: 0, digest: `sha256:${'0'.repeat(64)}` };
}
