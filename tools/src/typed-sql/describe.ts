import type pg from 'pg'

/** A result column as PostgreSQL describes it. */
export interface DescribedColumn {
  readonly name: string
  readonly typeId: number
  /** The table column that it shows; 0 for an expression. */
  readonly tableId: number
  readonly columnNumber: number
}

export interface Description {
  /** Type OIDs of $1, $2 … */
  readonly parameters: readonly number[]
  readonly columns: readonly DescribedColumn[]
}

interface RowDescription {
  readonly fields: readonly {
    readonly name: string
    readonly dataTypeID: number
    readonly tableID: number
    readonly columnID: number
  }[]
}

/** The driver's connection; its types omit what we use. */
interface Connection {
  parse(query: { text: string; name: string; types: number[] }): void
  describe(message: { type: 'S'; name: string }): void
  sync(): void
  once(event: 'parameterDescription', listener: (message: { dataTypeIDs: number[] }) => void): this
  off(event: 'parameterDescription', listener: (message: { dataTypeIDs: number[] }) => void): this
}

interface DescribeRequest extends pg.Submittable {
  handleRowDescription(message: RowDescription): void
  handleError(error: Error, connection: Connection): void
  handleReadyForQuery(): void
  /** The driver sets it: ends the timer of the statement's deadline. */
  callback?: () => void
}

/**
 * Asks the server to parse a statement and to describe its parameters and result columns, without running it.
 * @throws PostgreSQL's error if it rejects the statement
 */
export function describeStatement(client: pg.Client, text: string): Promise<Description> {
  return new Promise((resolve, reject) => {
    let parameters: readonly number[] = []
    let columns: readonly DescribedColumn[] = []
    const onParameters = ({ dataTypeIDs }: { dataTypeIDs: number[] }): void => {
      parameters = dataTypeIDs
    }
    const request: DescribeRequest = {
      submit(given) {
        const connection = given as unknown as Connection
        connection.once('parameterDescription', onParameters)
        connection.parse({ text, name: '', types: [] })
        connection.describe({ type: 'S', name: '' })
        connection.sync()
      },
      handleRowDescription({ fields }) {
        columns = fields.map(({ name, dataTypeID, tableID, columnID }) => ({
          ...{ name, typeId: dataTypeID, tableId: tableID, columnNumber: columnID },
        }))
      },
      handleError(error, connection) {
        connection.off('parameterDescription', onParameters)
        request.callback?.()
        reject(error)
      },
      handleReadyForQuery() {
        request.callback?.()
        resolve({ parameters, columns })
      },
    }
    client.query(request)
  })
}
