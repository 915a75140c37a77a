/** Returns the hashtags in a text, without `#`, each once. */
export function hashtagsIn(text: string | undefined): string[] {
  return allOf(text, /(?<![\p{L}\p{N}_&/])#([\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*)/gu)
}

/** Returns the handles mentioned in a text, without `@`, each once. */
export function mentionsIn(text: string | undefined): string[] {
  return allOf(text, /(?<![\p{L}\p{N}_.@/])@([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)/gu)
}

function allOf(text: string | undefined, pattern: RegExp): string[] {
  return [...new Set(Array.from((text ?? '').matchAll(pattern), ([, name]) => name!))]
}
