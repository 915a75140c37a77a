import { expect, test } from 'vitest'
import type { Check } from './contract.ts'
import { checkHistory } from './history-checks.ts'
import { comparePrisma } from './prisma-checks.ts'
import { parsePrismaSchema } from './prisma-schema.ts'
import { formatFixPlan, formatJunit, summarize } from './report.ts'

const checks: Check[] = [
  { object: 'table a', expected: 'table', actual: 'table', ok: true, severity: 'error' },
  {
    object: 'comment on table a',
    expected: `<"it's">`,
    actual: 'missing',
    ok: false,
    severity: 'error',
    mend: `COMMENT ON TABLE a IS '<"it''s">'`,
  },
  {
    object: 'index a',
    expected: 'btree (b)',
    actual: 'missing',
    ok: false,
    severity: 'error',
    mend: 'CREATE INDEX a ON a (b)',
  },
  { object: 'rows', expected: '0', actual: '3', ok: false, severity: 'warning', mend: 'nx run db:migrate' },
]

test('a fix plan has what is missing first and comments last; a command stands in a comment', () => {
  expect(formatFixPlan(checks).split('\n')).toEqual([
    '-- index a: missing',
    'CREATE INDEX a ON a (b);',
    '-- warning: rows: 3',
    '--   nx run db:migrate',
    '-- comment on table a: missing',
    `COMMENT ON TABLE a IS '<"it''s">';`,
  ])
  expect(formatFixPlan(checks.slice(0, 1))).toBe('-- nothing to mend')
})

test('a JUnit report has a case an object, failures escaped, a warning no failure', () => {
  const report = formatJunit(checks, 0.25)
  expect(report).toContain('<testsuites tests="4" failures="2" errors="0" time="0.250">')
  expect(report).toContain('<testcase classname="schema" name="table a"/>')
  expect(report).toContain("expected: &lt;&quot;it's&quot;&gt;")
  expect(report.match(/<failure /g)).toHaveLength(2)
  expect(summarize(checks)).toEqual({ checks: 4, failures: 2, warnings: 1 })
})

const status = {
  state: 'applied' as const,
  appliedAt: undefined,
  edited: false,
  appliedAfter: undefined,
  note: undefined,
  checksum: 'abc',
  otherVersions: [],
}
const ONE = '20260101000000_one'

test.each([
  [{ state: 'pending' as const }, 'missing', 'error'],
  [{ edited: true }, 'recorded, but its file was edited since: the edit is not in the database', 'error'],
  [{ appliedAfter: 'b' }, 'recorded, out of order: after b, as branches merge', 'warning'],
])('the history tells %o', (difference, actual, severity) => {
  const table = { historySchema: 'keep', historyTable: 'migrations' }
  expect(checkHistory([{ ...status, name: ONE, ...difference }], table, 'migrate')).toMatchObject([
    { object: `migration ${ONE}`, actual, severity, ok: false },
  ])
})

test('a Prisma client that would misread a column is told of', () => {
  const models = parsePrismaSchema(
    'model A {\n id Int @id\n name String\n tags String[] @map("labels")\n b B?\n}\nmodel B {\n id Int\n}\n',
  )
  const column = (definition: string): { definition: string; comment: undefined } => ({
    definition,
    comment: undefined,
  })
  const columns = new Map([
    ['id', column('bigint not null')],
    ['name', column('text')],
    ['labels', column('text[]')],
  ])
  const none = new Map<string, never>()
  const table = {
    kind: 'table',
    options: [],
    comment: undefined,
    columns,
    constraints: none,
    indexes: none,
    triggers: none,
    ...{ policies: none, rules: none, statistics: none },
    ...{ query: undefined, partitionBy: undefined, partitionOf: undefined },
    ...{ rowSecurity: 'disabled', replicaIdentity: 'default' },
  }
  const catalog = {
    ...{ schemas: none, extensions: none, enums: none, domains: none, types: none, access: none },
    ...{ functions: none, sequences: none, tables: new Map([['public.A', table]]) },
  }
  const failed = comparePrisma(models, catalog).filter((check) => !check.ok)
  expect(failed.map(({ object, actual }) => [object, actual])).toEqual([
    ['prisma field A.id', 'id bigint not null'],
    ['prisma field A.name', 'name text'],
    ['prisma model B', 'missing'],
  ])
})
