const TOKENS = /[eE]?'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}\p{N}_$]+|\s+|[^]/gu

const END_OF_FROM = /^(WHERE|GROUP|HAVING|ORDER|WINDOW|LIMIT|OFFSET|FETCH|FOR|TABLESAMPLE)$/

/**
 * Normalizes a view's query, so that it is the same whichever version of PostgreSQL prints it. Up to version 15, the
 * columns of a query that reads one table are prefixed with the table's name, `things.id`; later versions print `id`.
 * In a query with a join, the prefix says which table is meant, so it stays.
 */
export function normalizeQuery(query: string): string {
  const tokens = (query.match(TOKENS) ?? []).map((token) => (/^\s+$/.test(token) ? ' ' : token))
  const levels = levelsOf(tokens)
  const isTop = (at: number): boolean => levels[at] === 0
  if (!readsOneRelation(tokens, isTop)) return tokens.join('')
  // A name followed by a dot and not preceded by one: `things` in `things.id`, but not in `shop.things.id`.
  const isPrefix = (at: number): boolean =>
    isTop(at) && /^["\p{L}_]/u.test(tokens[at] ?? '') && tokens[at + 1] === '.' && tokens[at - 1] !== '.'
  const names = prefixes(tokens, isTop)
  return tokens
    .filter((token, at) => {
      if (isPrefix(at)) return !names.has(token)
      return !(token === '.' && isPrefix(at - 1) && names.has(tokens[at - 1]!))
    })
    .join('')
}

/** Sub-query depth of each token; parentheses of calls and expressions do not count. */
function levelsOf(tokens: readonly string[]): number[] {
  const open: boolean[] = []
  return tokens.map((token, at) => {
    if (token === '(')
      open.push(/^(SELECT|WITH|VALUES)$/.test(tokens.slice(at + 1).find((next) => next !== ' ') ?? ''))
    const level = open.filter(Boolean).length
    if (token === ')') open.pop()
    return level
  })
}

/** True if, outside parentheses, there is one FROM and neither a comma nor a JOIN after it. */
function readsOneRelation(tokens: readonly string[], isTop: (at: number) => boolean): boolean {
  let depth = 0
  let froms = 0
  let isFrom = false
  for (const [at, token] of tokens.entries()) {
    if (token === '(') depth++
    else if (token === ')') depth--
    if (depth > 0 || !isTop(at)) continue
    if (token === 'FROM') {
      froms++
      isFrom = true
    } else if (END_OF_FROM.test(token)) isFrom = false
    else if (isFrom && (token === ',' || token === 'JOIN')) return false
  }
  return froms === 1
}

/** The names that prefix columns of the only relation: its alias or its own name, the last name in the clause. */
function prefixes(tokens: readonly string[], isTop: (at: number) => boolean): ReadonlySet<string> {
  const from = tokens.findIndex((token, at) => token === 'FROM' && isTop(at) && depthAt(tokens, at) === 0)
  let depth = 0
  let name: string | undefined
  for (const token of tokens.slice(from + 1)) {
    if (token === '(') depth++
    else if (token === ')') depth--
    else if (depth === 0 && END_OF_FROM.test(token)) break
    else if (depth === 0 && /^["\p{L}_]/u.test(token)) name = token
  }
  return new Set(name === undefined ? [] : [name])
}

function depthAt(tokens: readonly string[], at: number): number {
  return tokens.slice(0, at).reduce((depth, token) => depth + (token === '(' ? 1 : token === ')' ? -1 : 0), 0)
}
