// A plan that changes a Secret, with its applied manifest kept in an annotation as kubectl does.
import type { PlanChange } from '../../src/planner/changes/plan.ts';

export const OLD = 'b2xkLXNlY3JldA==';
export const NEW = 'bmV3LXNlY3JldA==';
export const SAME = 'c2FtZS1zZWNyZXQ=';

const secret = (password: string, extra: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 's',
    namespace: 'default',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { password } }) },
  },
  data: { password, same: SAME, ...extra },
});

export const secretChange: PlanChange = {
  action: 'update',
  origin: 'submitted',
  object: { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 's' },
  before: secret(OLD, { gone: OLD }),
  after: secret(NEW, {}),
  fields: [
    { path: 'data.password', before: OLD, after: NEW, from: 'file' },
    { path: 'data.gone', before: OLD, from: 'file' },
    {
      path: 'metadata.annotations',
      after: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { password: NEW } }) },
      from: 'file',
    },
  ],
  because: ['s.yaml:1'],
};
