// GitLab Code Quality: an array of issues. The fingerprint leaves the line out, so that moving code does not make a new issue.
// Contract: docs.gitlab.com, "Code Quality report format" (description, check_name, fingerprint, severity, location.path, location.lines.begin).
import { type FindingsReporter, findingText, fingerprint, NO_FILE, type Severity } from './findings.ts';

const SEVERITY: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', info: 'info' };

export const gitlab: FindingsReporter = ({ all }) => {
  const seen = new Map<string, number>();
  const issues = all.map((finding) => {
    const base = fingerprint(finding);
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    return {
      description: finding.suppressed
        ? `Suppressed (${finding.suppressed.reason}): ${findingText(finding)}`
        : findingText(finding),
      check_name: finding.rule,
      fingerprint: count === 0 ? base : `${base}-${count}`,
      severity: finding.suppressed ? 'info' : SEVERITY[finding.severity],
      location: { path: finding.source?.file || NO_FILE, lines: { begin: finding.source?.line ?? 1 } },
    };
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
};
