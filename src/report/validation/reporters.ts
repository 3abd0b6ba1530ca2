// Every output of a validation by its -o name, loaded when asked for.
import type { ValidationReport } from '../../planner/validation/validation-report.ts';
import { findingsOfValidation } from '../findings/findings.ts';
import { findingsReporters } from '../findings/reporters.ts';

type Load = () => Promise<(report: ValidationReport) => string>;

const ofFindings = Object.fromEntries(
  Object.entries(findingsReporters).map(([name, load]): [string, Load] => [
    name,
    async () => {
      const render = await load();
      return (report) => render(findingsOfValidation(report));
    },
  ]),
);

export const validationReporters: Readonly<Record<string, Load>> = {
  text: async () => (await import('./text.ts')).validationText,
  json: async () => (report) => `${JSON.stringify(report, null, 2)}\n`,
  ...ofFindings,
};
