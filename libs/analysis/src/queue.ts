import type { MediaType } from '@mediakeep/content'
import { leaseQueue } from '@mediakeep/lease'

/** The queue over `mediakeep.analyses`. Expired leases are given back by a sweep, which logs it, before they are claimed. */
export const analysisQueue = leaseQueue({
  table: 'mediakeep.analyses',
  id: 'analysis_id',
  prefix: 'analysis',
  pending: `q.state = 'pending' AND q.analysis_lease_token IS NULL`,
  order: 'q.place',
})

/** Attempts at one analysis before it stays failed. */
export const MAX_ATTEMPTS = 5

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether it can name a lease at all; PostgreSQL refuses a whole statement for one that cannot. */
export function isLeaseKey({ id, token }: LeaseKey): boolean {
  return UUID.test(token) && !id.includes('\0')
}

/** What names a lease to those who hold it. */
export interface LeaseKey {
  readonly id: string
  readonly token: string
}

/** A leased analysis: one attempt of one analyser at one content. */
export interface AnalysisLease extends LeaseKey {
  /** This attempt's number, from 1. */
  readonly attempt: number
  readonly sha256: string
  readonly analyser: string
  readonly analyserVersion: string
  /** The oldest row that shows the content. */
  readonly mediaId: string
  readonly mediaType: MediaType
  readonly mimeType: string
  readonly byteSize: number
  readonly width: number | null
  readonly height: number | null
  /** The file's name without extension. */
  readonly name: string
  readonly extension: string
  /** By the database's clock. */
  readonly expiresAt: Date
}

/** What an attempt took. */
export interface AnalysisUsage {
  readonly model?: string | undefined
  readonly tokensUsed?: number | undefined
  readonly costUsd?: number | undefined
  readonly durationMs?: number | undefined
}
