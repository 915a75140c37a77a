import { stat } from 'node:fs/promises'
import { openContainer } from '@mediakeep/containers'

/** The bytes of an export on the disk: of the file, or of all files in the folder; undefined when it is not there. */
export async function exportSize(path: string): Promise<number | undefined> {
  try {
    const stats = await stat(path)
    return stats.isDirectory() ? await folderSize(path) : stats.size
  } catch {
    return undefined
  }
}

async function folderSize(path: string): Promise<number> {
  const folder = await openContainer(path)
  let bytes = 0
  for (let index = 0; index < folder.memberCount; index++) bytes += folder.member(index).byteSize ?? 0
  return bytes
}
