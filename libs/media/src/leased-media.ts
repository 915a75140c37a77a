import type { Lease } from '@mediakeep/lease'

/** A media reference leased for one attempt to get its bytes. */
export interface LeasedMedia extends Lease {
  readonly host: string
  readonly url: string
  readonly expiresAt: Date | null
  /** As the post says. */
  readonly mediaType: string
  /** Path of the file, or its intended path: set by the older tool, or by an unfinished attempt. */
  readonly path: string | null
  readonly md5: string | null
  readonly sha256: string | null
  readonly byteSize: number | null
  /** Its process died more than once in a row, so it is tried alone. */
  readonly isSuspect: boolean
}
