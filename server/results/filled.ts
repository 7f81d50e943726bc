// Sentences of documents, in which what differs stands in braces.

/** A sentence with what belongs in its braces. */
export function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
