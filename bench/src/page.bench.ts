import { startChild, type Child } from './child.ts'
import { compareRates, type Finding } from './compare.ts'
import { withDatabases, type Databases } from './databases.ts'
import { fill } from './page-fill.ts'
import { load, post } from './page-load.ts'
import { cursorAt, graphqlPage, sqlPage, type Page } from './page-query.ts'

const STATEMENTS_AT_MOST = 2
/** 1 / 1.2: how much slower a page may become when the rows grow a thousandfold. */
const GROWTH_AIM = 1 / 1.2

/** Compares pages of 50 media with their posts with one SQL statement behind bare node:http. */
export async function benchPage(): Promise<Finding[]> {
  return await withDatabases(async (databases) => {
    const thousand = await serve(databases, 1_000)
    const many = await serve(databases, 100_000)
    const million = await serve(databases, 1_000_000)
    try {
      return [
        ...(await besideSql(many)),
        ...(await growth('page 1, 1,000,000 rows', million, thousand, () => undefined)),
        ...(await growth('page at 90 %, 1,000,000 rows', million, thousand, ({ rows }) => 0.9 * rows)),
      ]
    } finally {
      for (const { api, sql } of [thousand, many, million]) await Promise.all([api.stop(), sql.stop()])
    }
  })
}

interface Served {
  readonly rows: number
  readonly api: Child
  readonly apiUrl: string
  readonly sql: Child
  readonly sqlUrl: string
}

async function serve(databases: Databases, rows: number): Promise<Served> {
  const database = await databases.fresh(`rows_${rows}`)
  await fill(database, rows)
  const start = (kind: string): Promise<Child> =>
    startChild(import.meta.resolve('./page-process.ts'), [kind, database.url])
  const [api, sql] = await Promise.all([start('api'), start('sql')])
  return { rows, api, apiUrl: `${api.said as string}/graphql`, sql, sqlUrl: sql.said as string }
}

async function besideSql(served: Served): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [name, row, aim] of [
    ['page 1', 0, 0.5],
    ['page at row 90,000', 90_000, 0.45],
  ] as const) {
    const after = row === 0 ? undefined : await cursorAt(served.apiUrl, row)
    const ours = graphqlPage(after?.cursor)
    const reference = sqlPage(after?.key)
    await assertSame(served, ours, reference)
    findings.push(
      ...(await compareRates({
        name: `${name} of 100,000 media`,
        unit: 'requests/s',
        references: [{ against: 'one SQL statement behind node:http', aim }],
        rates: [() => load(served.apiUrl, ours), () => load(served.sqlUrl, reference)],
      })),
      await countStatements(name, served, ours),
    )
  }
  return findings
}

/** Checks that both answer with the same rows; otherwise one of them does other work. */
async function assertSame({ apiUrl, sqlUrl }: Served, ours: Page, reference: Page): Promise<void> {
  const [one, other] = [ours.idsIn(await post(apiUrl, ours)), reference.idsIn(await post(sqlUrl, reference))]
  if (one.length !== 50 || one.join() !== other.join()) throw new Error('The two pages differ')
}

async function countStatements(name: string, { api, apiUrl }: Served, page: Page): Promise<Finding> {
  const requests = 20
  await api.ask('count')
  for (let n = 0; n < requests; n++) await post(apiUrl, page)
  const value = Number(await api.ask('count')) / requests
  return { name: `${name}, SQL statements a request`, unit: 'statements', value, atMost: STATEMENTS_AT_MOST }
}

async function growth(
  name: string,
  large: Served,
  small: Served,
  rowOf: (served: Served) => number | undefined,
): Promise<Finding[]> {
  const rates = await Promise.all(
    [large, small].map(async (served) => {
      const row = rowOf(served)
      const page = graphqlPage(row === undefined ? undefined : (await cursorAt(served.apiUrl, row)).cursor)
      return () => load(served.apiUrl, page)
    }),
  )
  const references = [{ against: 'the same of 1,000', aim: GROWTH_AIM }]
  return await compareRates({ name, unit: 'requests/s', references, rates })
}
