// Answers recorded pod templates with their pod-template-hash.
import { podTemplateHash } from '../../src/planner/controllers/pod-template-hash/pod-template-hash.ts';
import type { PodTemplateSpec } from '../../src/schema/generated/types/core-v1.ts';
import { readCases } from './cases.ts';

interface HashCase {
  readonly template: PodTemplateSpec;
}

export async function runHashes(path: string, write: (line: string) => void): Promise<void> {
  for (const { template } of readCases<HashCase>(path))
    write(JSON.stringify({ hash: podTemplateHash(template, undefined, '1.36') }));
}
