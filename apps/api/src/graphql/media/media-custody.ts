import type { Media as MediaColumns } from '@mediakeep/db'
import type { GraphQLResolveInfo } from 'graphql'
import { builder } from '../builder/builder.ts'
import type { Context } from '../context/context.ts'
import { Media } from './media.ts'

/** When what was done with a content. */
interface Custody {
  readonly sha256: string
  readonly inspectedAt: Date | null
  readonly archivedAt: Date | null
  readonly archiveVerifiedAt: Date | null
}

const fields = {
  inspectedAt: 'When its bytes were decoded.',
  archivedAt: 'When the archive had it, and had said its size and digest back.',
  archiveVerifiedAt: 'When its object in the archive was last found whole.',
} as const

builder.objectFields(Media, (t) => {
  const time = (name: keyof typeof fields) =>
    t.field({
      type: 'DateTime',
      nullable: true,
      description: fields[name],
      resolve: async (media, _args, context, info) => (await custodyOf(media, context, info))?.[name] ?? null,
    })
  return {
    inspectedAt: time('inspectedAt'),
    archivedAt: time('archivedAt'),
    archiveVerifiedAt: time('archiveVerifiedAt'),
  }
})

/** Read for all media of a page together. */
async function custodyOf(
  { sha256Sum }: MediaColumns,
  { batches, db }: Context,
  info: GraphQLResolveInfo,
): Promise<Custody | undefined> {
  if (sha256Sum === null) return undefined
  return await batches.load(info.fieldNodes, { id: sha256Sum, value: sha256Sum }, async (contents) => {
    const { rows } = await db.query<Custody>(CUSTODY, [contents.map(({ id }) => id)])
    return new Map(rows.map((row) => [row.sha256, row]))
  })
}

const CUSTODY = `SELECT c.sha256_sum AS sha256, c.inspected_at AS "inspectedAt", c.archived_at AS "archivedAt",
    c.archive_verified_at AS "archiveVerifiedAt"
  FROM mediakeep.contents c WHERE c.sha256_sum = ANY ($1)`
