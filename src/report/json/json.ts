// The plan document itself, as JSON with two spaces of indent.
import type { Reporter } from '../reporter.ts';

export const json: Reporter = (plan) => `${JSON.stringify(plan, null, 2)}\n`;
