import type { Media as MediaColumns } from '@mediakeep/db'
import type { GraphQLResolveInfo } from 'graphql'
import { builder } from '../builder/builder.ts'
import type { Context } from '../context/context.ts'
import { Media } from './media.ts'
import { selectCustody } from './media-custody.sql.ts'

/** Events in the life of a content, with their times. */
interface Custody {
  readonly sha256: string
  readonly inspectedAt: Date | null
  readonly findings: readonly string[] | null
  readonly archivedAt: Date | null
  readonly archiveVerifiedAt: Date | null
}

const times = {
  inspectedAt: 'When the file was decoded successfully.',
  archivedAt: 'When the archive confirmed the size and digest of the object.',
  archiveVerifiedAt: 'When the archive object was last checked and found intact.',
} as const

builder.objectFields(Media, (t) => {
  const time = (name: keyof typeof times) =>
    t.field({
      type: 'DateTime',
      nullable: true,
      description: times[name],
      resolve: async (media, _args, context, info) => (await custodyOf(media, context, info))?.[name] ?? null,
    })
  return {
    inspectedAt: time('inspectedAt'),
    archivedAt: time('archivedAt'),
    archiveVerifiedAt: time('archiveVerifiedAt'),
    findings: t.stringList({
      description:
        'Codes for unusual properties of a file that is kept anyway: `missing_end_mark`, `trailing_data` and others.',
      resolve: async (media, _args, context, info) => [
        ...((await custodyOf(media, context, info))?.findings ?? []),
      ],
    }),
  }
})

/** Reads the custody of all media of a page together. */
async function custodyOf(
  { sha256Sum }: MediaColumns,
  { batches, db }: Context,
  info: GraphQLResolveInfo,
): Promise<Custody | undefined> {
  if (sha256Sum === null) return undefined
  return await batches.load(info.fieldNodes, { id: sha256Sum, value: sha256Sum }, async (contents) => {
    const { rows } = await selectCustody(db, [contents.map(({ id }) => id)])
    return new Map(rows.map((row) => [row.sha256, row]))
  })
}
