// The reference pages by their file.
import { configSchema } from '../../src/cli/config/config-schema.ts';
import { clusterSchema } from '../../src/planner/inventory/cluster-file.ts';
import { planSchema } from '../../src/report/json/plan-schema.ts';
import { commandsPage } from './commands.ts';
import { diagnosticsPage } from './diagnostics.ts';
import { documentsPage } from './documents.ts';

export const REFERENCE_PAGES: Readonly<Record<string, () => string>> = {
  'docs/reference/commands.md': commandsPage,
  'docs/reference/diagnostics.md': diagnosticsPage,
  'docs/reference/documents.md': () =>
    documentsPage([
      { name: 'plan', intro: 'What `plan -o json` writes and `show` reads.', schema: planSchema },
      { name: 'cluster', intro: 'The short form of a described cluster.', schema: clusterSchema },
      { name: 'config', intro: 'The configuration file `kubeplan.yaml`.', schema: configSchema },
    ]),
};
