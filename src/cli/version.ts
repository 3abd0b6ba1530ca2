// The version of kubeplan: set when the bundle is built, read from package.json when the source runs unbuilt.
import { readFileSync } from 'node:fs';

declare const KUBEPLAN_VERSION: string | undefined;

export const VERSION: string = typeof KUBEPLAN_VERSION === 'string' ? KUBEPLAN_VERSION : fromPackage();

function fromPackage(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
