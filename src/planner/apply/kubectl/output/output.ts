// What a command writes: standard output, standard error with each warning of the server once, and klog's lines.
// Behaviour: [client-go]/rest/warnings.go (NewWarningWriter), k8s.io/klog/v2, Kubernetes v1.36.3.

export class Output {
  stdout = '';
  stderr = '';
  readonly #warned = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  print(text: string): void {
    this.stdout += text;
  }

  error(text: string): void {
    this.stderr += text;
  }

  /** A warning of the server. */
  warn(text: string): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.stderr += `Warning: ${text}\n`;
  }

  /** Lines that are warnings, each once. */
  warnLines(lines: readonly string[]): void {
    for (const line of lines) this.warn(line.replace(/^Warning: |\n$/g, ''));
  }

  /** What kubectl logs, by default a warning; `place` is the line of its source that does. */
  log(place: string, text: string, severity: 'W' | 'F' = 'W'): void {
    const time = new Date(this.#now()).toISOString();
    const head = `${severity}${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000       1 ${place}]`;
    this.stderr += `${head} ${text}\n`;
  }
}
