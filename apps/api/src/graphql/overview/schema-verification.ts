import { verifyDatabase } from '@mediakeep/db'
import { summarize, type Check } from '@mediakeep/schema-verify'
import { builder } from '../builder/builder.ts'

interface Verification {
  readonly checks: readonly Check[]
  readonly durationMs: number
}

const SchemaCheck = builder.objectRef<Check>('SchemaCheck').implement({
  description:
    'One comparison: of a database object, a migration, a field of the client, or a rule for rows.',
  fields: (t) => ({
    object: t.exposeString('object'),
    expected: t.exposeString('expected'),
    actual: t.exposeString('actual'),
    ok: t.exposeBoolean('ok'),
    isError: t.boolean({
      description:
        'True if the code cannot work with this difference. False if the difference is only a warning.',
      resolve: ({ severity }) => severity === 'error',
    }),
    mend: t.string({
      nullable: true,
      description: 'SQL or a command that would fix it.',
      resolve: ({ mend }) => mend ?? null,
    }),
  }),
})

const SchemaVerification = builder.objectRef<Verification>('SchemaVerification').implement({
  description:
    'A comparison of the database with the schema that the code expects, as by `nx run db:verify`.',
  fields: (t) => ({
    ok: t.boolean({ resolve: ({ checks }) => summarize(checks).failures === 0 }),
    checkCount: t.int({ resolve: ({ checks }) => checks.length }),
    warningCount: t.int({ resolve: ({ checks }) => summarize(checks).warnings }),
    failureCount: t.int({ resolve: ({ checks }) => summarize(checks).failures }),
    durationMs: t.int({ resolve: ({ durationMs }) => Math.round(durationMs) }),
    checks: t.field({
      type: [SchemaCheck],
      args: { onlyDiffering: t.arg.boolean({ defaultValue: false }) },
      resolve: ({ checks }, { onlyDiffering }) =>
        onlyDiffering ? checks.filter((check) => !check.ok) : [...checks],
    }),
  }),
})

builder.queryField('schemaVerification', (t) =>
  t.field({
    type: SchemaVerification,
    scope: 'operate',
    resolve: async (_root, _args, { db }) => {
      const started = performance.now()
      const checks = await verifyDatabase(db)
      return { checks, durationMs: performance.now() - started }
    },
  }),
)
