// What is submitted as a unified diff, as kubectl diff prints it; `patch` and diff viewers read it.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go, Kubernetes v1.36.3.
// Differs: folders are LIVE and MERGED without a number, files carry no times, bookkeeping and status are left out unless --full,
// which also adds what the cluster does in consequence.
import { styleText } from 'node:util';
import type { ObjectRef } from '../../apimachinery/diagnostic.ts';
import type { Reporter } from '../reporter.ts';
import { documentsOf } from './documents.ts';
import { type Hunk, hunksOf } from './unified.ts';

export const diff: Reporter = (plan, { full, color, context }) => {
  const lines: string[] = [];
  const paint = color ? painted : (line: string): string => line;
  for (const change of plan.changes) {
    if (change.action === 'no-op' || (change.origin === 'derived' && !full)) continue;
    const hunks = hunksOf(documentsOf(change, full), context);
    if (hunks.length > 0) lines.push(...fileLines(diffFileName(change.object), hunks).map(paint));
  }
  return lines.map((line) => `${line}\n`).join('');
};

/** `apps.v1.Deployment.default.web`; without a group or a namespace, as kubectl: `v1.Namespace..shop`. */
export function diffFileName({ apiVersion, kind, namespace = '', name }: ObjectRef): string {
  return `${apiVersion.replace('/', '.')}.${kind}.${namespace}.${name}`;
}

function fileLines(file: string, hunks: readonly Hunk[]): string[] {
  const [live, merged] = [`LIVE/${file}`, `MERGED/${file}`];
  return [
    `diff -u -N ${live} ${merged}`,
    `--- ${live}`,
    `+++ ${merged}`,
    ...hunks.flatMap(({ head, lines }) => [head, ...lines]),
  ];
}

function painted(line: string): string {
  const style = /^(?:diff|---|\+\+\+) /.test(line)
    ? 'bold'
    : line.startsWith('@@')
      ? 'cyan'
      : line.startsWith('+')
        ? 'green'
        : line.startsWith('-')
          ? 'red'
          : undefined;
  return style ? styleText(style, line, { validateStream: false }) : line;
}
