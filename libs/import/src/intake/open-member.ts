import type { Readable } from 'node:stream'
import { decompress, innerName, type Member } from '@mediakeep/containers'

/** The bytes of a member, decompressed when its name ends with `.gz`, `.xz` or `.zst`. */
export function openMember(member: Member, signal?: AbortSignal): Readable {
  const bytes = member.open(signal)
  const compression = /\.(gz|xz|zst)$/i.exec(member.path)?.[1]?.toLowerCase()
  if (compression === undefined || innerName(member.path) === member.path) return bytes
  return decompress(bytes, compression as 'gz' | 'xz' | 'zst')
}
