/** One statement of a `.sql` file, with the annotations above it. */
export interface SqlStatement {
  readonly name: string
  /** Names of $1, $2 …, for readers and editors. */
  readonly params: readonly string[]
  /** TypeScript types for parameters that take other values than their type suggests. */
  readonly paramTypes: ReadonlyMap<string, string>
  /** Columns that the author knows are never null; PostgreSQL only knows it of columns of tables. */
  readonly notNull: ReadonlySet<string>
  /** TypeScript types for columns of which PostgreSQL knows less: a text with few values, a json. */
  readonly rowTypes: ReadonlyMap<string, string>
  readonly comment: readonly string[]
  readonly text: string
  /** Line number of the statement's first line in the file. */
  readonly line: number
}

class SqlFileError extends Error {
  readonly code = 'sql_file_invalid'
  constructor(path: string, line: number, problem: string) {
    super(`${path}:${line}: ${problem}`)
    this.name = 'SqlFileError'
  }
}

const NAME = /^-- @name (\w+)$/
const ANNOTATION = /^-- @(\w+) (.+)$/

/** Reads the statements of a file. @throws SqlFileError */
export function readSqlFile(path: string, content: string): SqlStatement[] {
  const lines = content.split('\n')
  const starts = lines.flatMap((line, n) => (NAME.test(line) ? [n] : []))
  const before = lines.slice(0, starts[0] ?? lines.length).findIndex((line) => line.trim() !== '')
  if (before !== -1) throw new SqlFileError(path, before + 1, 'begin the statement with "-- @name someName"')
  return starts.map((start, n) => readStatement(path, lines.slice(start, starts[n + 1]), start))
}

function readStatement(path: string, lines: readonly string[], start: number): SqlStatement {
  const fail = (line: number, problem: string): never => {
    throw new SqlFileError(path, start + line + 1, problem)
  }
  const length = lines.findIndex((line) => !line.startsWith('--'))
  const header = lines.slice(0, length === -1 ? lines.length : length)
  const comment: string[] = []
  const params: string[] = []
  const notNull = new Set<string>()
  const paramTypes = new Map<string, string>()
  const rowTypes = new Map<string, string>()
  header.slice(1).forEach((line, n) => {
    const [, kind, value = ''] = ANNOTATION.exec(line) ?? []
    if (kind === undefined) comment.push(line.slice(2).trim())
    else if (kind === 'params') params.push(...value.split(' '))
    else if (kind === 'notNull') for (const column of value.split(' ')) notNull.add(column)
    else if (kind === 'row' || kind === 'param') {
      const [, name = '', type = ''] = /^(\w+): (.+)$/.exec(value) ?? []
      if (!name) fail(n + 1, `write "-- @${kind} name: type"`)
      ;(kind === 'row' ? rowTypes : paramTypes).set(name, type)
    } else fail(n + 1, `unknown annotation @${kind}; known are @name, @params, @param, @notNull and @row`)
  })
  const body = lines.slice(header.length).join('\n').trim()
  if (!body.endsWith(';')) fail(header.length, 'end the statement with ";"')
  const name = NAME.exec(lines[0]!)![1]!
  const line = start + header.length + 1
  return { name, params, paramTypes, notNull, rowTypes, comment, text: body.slice(0, -1).trimEnd(), line }
}
