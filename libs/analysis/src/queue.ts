import type { MediaType } from '@mediakeep/content'
import { leaseQueue } from '@mediakeep/lease'

/** SQL over the alias `q`: analyses that no worker holds. */
export const PENDING = `q.state = 'pending' AND q.analysis_lease_token IS NULL`

/** The queue over `mediakeep.analyses`. A sweep returns and logs expired leases before they are claimed again. */
export const analysisQueue = leaseQueue({
  table: 'mediakeep.analyses',
  id: 'analysis_id',
  prefix: 'analysis',
  pending: PENDING,
  order: 'q.place',
})

/** Attempts at one analysis before it fails permanently. */
export const MAX_ATTEMPTS = 5

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Returns false for keys that no lease can have; PostgreSQL would reject the whole statement for one of them. */
export function isLeaseKey({ id, token }: LeaseKey): boolean {
  return UUID.test(token) && !id.includes('\0')
}

/** Identifies a lease to its holder. */
export interface LeaseKey {
  readonly id: string
  readonly token: string
}

/** A leased analysis: one attempt of one analyser on one content. */
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
  /** File name without extension. */
  readonly name: string
  readonly extension: string
  /** By the database's clock. */
  readonly expiresAt: Date
}

/** Resources used by an attempt. */
export interface AnalysisUsage {
  readonly model?: string | undefined
  readonly tokensUsed?: number | undefined
  readonly costUsd?: number | undefined
  readonly durationMs?: number | undefined
}
