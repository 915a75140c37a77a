import { ArchiveError } from '@mediakeep/content'

const KEY = /^[A-Za-z0-9_-][\w.-]*(?:\/[A-Za-z0-9_-][\w.-]*)*$/

/**
 * Returns true for keys of ours or of the older tool: `media/d4/d41d….jpg`, `cache/2025/11/d41d….jpg`. No segment may
 * be empty or begin with a dot; `.sha256` is reserved for the file archive's sidecars.
 */
export function isKey(key: string): boolean {
  return key.length <= 1024 && KEY.test(key) && !key.endsWith('.sha256')
}

export function checkKey(key: string): void {
  if (!isKey(key)) throw new ArchiveError('rejected', `Not an archive key: ${JSON.stringify(key)}`)
}
