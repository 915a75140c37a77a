import type { Media, PrismaClient } from '@mediakeep/db'
import type { Context } from '../context/context.ts'

/** What all that are missing ask together. */
const SURVIVORS = {}

/**
 * The media that an id means: of a row that was merged away, its survivor. Many ids that are asked for in one turn of the
 * event loop cost as many statements as one.
 *
 * @param query what Pothos wants loaded
 */
export async function mediaById(
  { prisma, batches }: Pick<Context, 'prisma' | 'batches'>,
  query: object,
  mediaId: string,
): Promise<Media | null> {
  // Prisma makes one statement of those of a turn.
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

/** Media by their ids, in that order, in one statement; those that are not there are left out. */
export async function mediaByIds(
  prisma: PrismaClient,
  query: object,
  mediaIds: readonly string[],
): Promise<Map<string, Media>> {
  const rows = await prisma.media.findMany({ ...query, where: { mediaId: { in: [...mediaIds] } } })
  const byId = new Map(rows.map((row) => [row.mediaId, row]))
  return new Map(mediaIds.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)!]] : [])))
}

/** The ids of the rows that stand for media now, in the order asked; undefined where there is none. */
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
  // A survivor may have been merged in its turn.
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
