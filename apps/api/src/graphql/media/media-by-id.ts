import type { Media, PrismaClient } from '@mediakeep/db'
import type { Context } from '../context/context.ts'

/** Batch key for looking up the survivors of missing media. */
const SURVIVORS = {}

/**
 * Returns the media with an id, or the survivor when its row was merged away. Many ids requested in one turn of the
 * event loop take as many statements as one.
 *
 * @param query the relations and columns that Pothos wants loaded
 */
export async function mediaById(
  { prisma, batches }: Pick<Context, 'prisma' | 'batches'>,
  query: object,
  mediaId: string,
): Promise<Media | null> {
  // Prisma combines the lookups of one turn into one statement.
  const find = (id: string): Promise<Media | null> =>
    prisma.media.findUnique({ ...query, where: { mediaId: id } })
  const found = await find(mediaId)
  if (found) return found
  const survivor = await batches.load(SURVIVORS, { id: mediaId, value: mediaId }, (missing) => {
    const ids = missing.map(({ id }) => id)
    return survivorsOf(prisma, ids)
  })
  return survivor === undefined ? null : await find(survivor)
}

/** Reads media by id in one statement, in the order of the ids; leaves out ids that do not exist. */
export async function mediaByIds(
  prisma: PrismaClient,
  query: object,
  mediaIds: readonly string[],
): Promise<Map<string, Media>> {
  const rows = await prisma.media.findMany({ ...query, where: { mediaId: { in: [...mediaIds] } } })
  const byId = new Map(rows.map((row) => [row.mediaId, row]))
  return new Map(mediaIds.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)!]] : [])))
}

/** Returns the current row id for each id, which is the survivor's if merged; undefined where there is none. */
export async function presentIds(
  prisma: PrismaClient,
  ids: readonly string[],
): Promise<(string | undefined)[]> {
  const present = await existing(prisma, ids)
  const absent = ids.filter((id) => !present.has(id))
  if (absent.length === 0) return [...ids]
  const survivors = await survivorsOf(prisma, absent)
  const alive = survivors.size > 0 ? await existing(prisma, [...survivors.values()]) : new Set<string>()
  return ids.map((id) =>
    [id, survivors.get(id)].find((at) => at !== undefined && (present.has(at) || alive.has(at))),
  )
}

async function existing(prisma: PrismaClient, ids: readonly string[]): Promise<Set<string>> {
  const rows = await prisma.media.findMany({
    where: { mediaId: { in: [...ids] } },
    select: { mediaId: true },
  })
  return new Set(rows.map((row) => row.mediaId))
}

async function survivorsOf(prisma: PrismaClient, ids: string[]): Promise<Map<string, string>> {
  const survivors = new Map(ids.map((id) => [id, id]))
  // A survivor may itself have been merged later.
  for (let asked = ids, depth = 0; asked.length > 0 && depth < 16; depth++) {
    const merged = await prisma.mergedMedia.findMany({
      where: { mediaId: { in: asked } },
      select: { mediaId: true, survivorId: true },
    })
    const next = new Map(merged.map((row) => [row.mediaId, row.survivorId]))
    for (const [id, at] of survivors) survivors.set(id, next.get(at) ?? at)
    asked = [...next.values()]
  }
  for (const [id, survivor] of survivors) if (id === survivor) survivors.delete(id)
  return survivors
}
