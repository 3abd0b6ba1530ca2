// The symbol, colour and verb of each action; terraform's symbols, so that nobody has to learn new ones.
import type { Action } from '../planner/changes/plan.ts';

interface ActionStyle {
  readonly symbol: string;
  readonly color: 'green' | 'yellow' | 'red' | 'magenta' | 'gray';
  readonly legend: string;
}

export const ACTIONS: Readonly<Record<Action, ActionStyle>> = {
  create: { symbol: '+', color: 'green', legend: 'create' },
  update: { symbol: '~', color: 'yellow', legend: 'update in place' },
  replace: { symbol: '-/+', color: 'magenta', legend: 'delete, then create anew' },
  delete: { symbol: '-', color: 'red', legend: 'delete' },
  'no-op': { symbol: ' ', color: 'gray', legend: 'unchanged' },
};
