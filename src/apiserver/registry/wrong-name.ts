// An object whose name is not the one that the request's path names.
// Behaviour: [apiserver]/pkg/endpoints/handlers/rest.go (checkName), Kubernetes v1.36.3.

/** What is wrong when an object does not bear the name of the request's path. */
export function wrongNameText(name: string, wanted: string): string | undefined {
  if (name === wanted) return undefined;
  if (name === '') return `the name of the object (${wanted} based on URL) was undeterminable: name must be provided`;
  return `the name of the object (${name}) does not match the name on the URL (${wanted})`;
}
