// The plan document as YAML.
import { stringify } from 'yaml';
import type { Reporter } from '../reporter.ts';

export const yaml: Reporter = (plan) => stringify(plan, { aliasDuplicateObjects: false, lineWidth: 0 });
