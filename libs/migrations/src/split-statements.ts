/** A name may contain dollar signs, so `a$b$c` does not open a dollar quote. */
const TOKENS =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)|;|[\p{L}\p{N}_][\p{L}\p{N}_$]*|\s+|[^]/gu

/**
 * Splits a SQL script at the semicolons that end statements, but not inside strings, quoted names, dollar quotes,
 * comments, parentheses (the actions of a rule) or `BEGIN ATOMIC … END`. Drops comments and empty statements.
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = []
  let statement = ''
  let parentheses = 0
  // Depth of open BEGIN ATOMIC blocks and the CASE expressions inside them, each closed by an END.
  let blocks = 0
  let previous = ''
  const end = (): void => {
    if (statement.trim()) statements.push(statement.trim())
    statement = ''
    parentheses = blocks = 0
  }
  TOKENS.lastIndex = 0
  for (let token = TOKENS.exec(script); token; token = TOKENS.exec(script)) {
    const [text, dollar] = token
    if (text === ';' && blocks === 0 && parentheses <= 0) end()
    else if (text.startsWith('--')) continue
    else if (text === '/*') {
      TOKENS.lastIndex = endOfComment(script, TOKENS.lastIndex)
      statement += ' '
    } else if (dollar !== undefined) {
      const close = script.indexOf(dollar, TOKENS.lastIndex)
      const after = close < 0 ? script.length : close + dollar.length
      statement += script.slice(token.index, after)
      TOKENS.lastIndex = after
    } else {
      const word = text.toUpperCase()
      if (word === '(') parentheses++
      else if (word === ')') parentheses--
      else if (word === 'ATOMIC' && previous === 'BEGIN') blocks++
      else if (blocks > 0 && word === 'CASE') blocks++
      else if (blocks > 0 && word === 'END') blocks--
      if (word.trim()) previous = word
      statement += text
    }
  }
  end()
  return statements
}

/** Block comments nest in PostgreSQL. */
function endOfComment(script: string, start: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = start
  let depth = 1
  for (let mark = marks.exec(script); mark; mark = marks.exec(script)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return script.length
}
