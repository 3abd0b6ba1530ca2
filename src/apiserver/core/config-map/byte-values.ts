// Maps of base64 texts, as ConfigMaps and Secrets hold them.

type ByteValues = Readonly<Record<string, string>>;

/** How many bytes a text stands for; it is canonical: stored objects hold no other. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** Whether a client wrote null for a value, which the decoder leaves as it is. */
export function hasNullBytes(values: ByteValues): boolean {
  return Object.values(values).some((value: string | null) => value === null);
}

export function nullBytesAsEmpty(values: ByteValues): ByteValues {
  return Object.fromEntries(Object.entries(values).map(([key, value]: [string, string | null]) => [key, value ?? '']));
}
