const TOKENS =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_]\w*)?\$)|;|[\w]+|\s+|[\s\S]/g

/**
 * Splits a SQL script at the semicolons that end statements: not those in strings, quoted names, dollar quotes
 * or comments. Comments are left out; empty statements too.
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = []
  let statement = ''
  const end = (): void => {
    if (statement.trim()) statements.push(statement.trim())
    statement = ''
  }
  TOKENS.lastIndex = 0
  for (let token = TOKENS.exec(script); token; token = TOKENS.exec(script)) {
    const [text, dollar] = token
    if (text === ';') end()
    else if (text.startsWith('--')) continue
    else if (text === '/*') {
      TOKENS.lastIndex = endOfComment(script, TOKENS.lastIndex)
      statement += ' '
    } else if (dollar !== undefined) {
      const close = script.indexOf(dollar, TOKENS.lastIndex)
      const after = close < 0 ? script.length : close + dollar.length
      statement += script.slice(token.index, after)
      TOKENS.lastIndex = after
    } else statement += text
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
