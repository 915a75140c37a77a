/**
 * Returns the JSON objects in a model's text, the likeliest first: models put theirs in code fences, after their
 * thoughts or within a sentence.
 */
export function findJson(text: string): unknown[] {
  const answer = text.replace(/^[\s\S]*<\/think(?:ing)?>/i, '')
  const fenced = [...answer.matchAll(/```(?:json)?\s*\n?([\s\S]*?)```/gi)].map((match) => match[1]!)
  const outer = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)
  return [answer, ...fenced.reverse(), outer, ...lastObject(answer)].flatMap((candidate) => {
    try {
      return [JSON.parse(candidate) as unknown]
    } catch {
      return []
    }
  })
}

const MAX_STARTS = 20

/** Returns the texts from each of the last opening braces to the last closing one. */
function lastObject(text: string): string[] {
  const end = text.lastIndexOf('}') + 1
  const found: string[] = []
  let start = end
  while (start > 0 && found.length < MAX_STARTS) {
    start = text.lastIndexOf('{', start - 1)
    if (start === -1) break
    found.push(text.slice(start, end))
  }
  return found
}
