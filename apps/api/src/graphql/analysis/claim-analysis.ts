import {
  claimAnalyses,
  extendAnalyses,
  releaseAnalyses,
  UnknownAnalyserError,
  type AnalysisLease as Lease,
} from '@mediakeep/analysis'
import type { Media } from '@mediakeep/db'
import { LeaseLostError } from '@mediakeep/lease'
import { queryFromInfo } from '@pothos/plugin-prisma'
import { z } from 'zod'
import { builder } from '../builder/builder.ts'
import { MediaKind } from '../builder/enums.ts'
import { InvalidInputError } from '../builder/invalid-input.ts'
import { mediaByIds } from '../media/media-by-id.ts'
import { Media as MediaType } from '../media/media.ts'
import { selectionAt } from '../builder/selection.ts'

export const MOST_LEASES = 100
const leaseSeconds = z.number().int().min(1).max(86_400)

/** An analyser by name, and optionally by version. */
const AnalyserInput = builder.inputType('AnalyserInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    version: t.string({
      description: 'The version of the analyser. The default is the version that the server has configured.',
    }),
  }),
})

/** Proves that a client holds a lease. */
const AnalysisLeaseInput = builder.inputType('AnalysisLeaseInput', {
  fields: (t) => ({ id: t.id({ required: true }), token: t.string({ required: true }) }),
})

type LeaseWithMedia = Lease & { readonly media: Media | undefined }

const AnalysisLease = builder.objectRef<LeaseWithMedia>('AnalysisLease').implement({
  description: 'One attempt of one analyser on one content. The worker holds it until it expires.',
  fields: (t) => ({
    id: t.exposeID('id'),
    token: t.exposeString('token', {
      description: 'Proves that the sender holds the lease. Valid for this attempt only.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: "When the lease expires, by the database's clock.",
    }),
    attempt: t.exposeInt('attempt', { description: 'The number of this attempt, from 1.' }),
    analyser: t.exposeString('analyser'),
    analyserVersion: t.exposeString('analyserVersion'),
    url: t.string({
      description:
        'The URL of the bytes, for GET with or without Range. Its signature is valid for some hours.',
      resolve: ({ mediaId, sha256 }, _args, { links }) => links.media(mediaId, sha256),
    }),
    sha256Sum: t.exposeString('sha256', {
      description: 'The SHA-256 digest of the bytes, in hex. Check the downloaded bytes with it.',
    }),
    fileSize: t.expose('byteSize', { type: 'BigInt', description: 'The size of the file, in bytes.' }),
    mimeType: t.exposeString('mimeType', { description: 'The MIME type, detected from the bytes.' }),
    mediaType: t.field({ type: MediaKind, resolve: (lease) => lease.mediaType }),
    width: t.exposeInt('width', { nullable: true, description: 'In pixels.' }),
    height: t.exposeInt('height', { nullable: true, description: 'In pixels.' }),
    mediaId: t.exposeID('mediaId', { description: 'The oldest media item that shows the content.' }),
    media: t.field({
      type: MediaType,
      nullable: true,
      description: 'The media item with the id `mediaId`. Null if it was removed in the meantime.',
      resolve: (lease) => lease.media,
    }),
  }),
})

const ClaimPayload = builder.objectRef<readonly Lease[]>('ClaimAnalysisPayload').implement({
  fields: (t) => ({
    leases: t.field({
      type: [AnalysisLease],
      description: 'The claimed leases. Empty if there is no work now: ask again later.',
      resolve: async (leases, _args, context, info): Promise<LeaseWithMedia[]> => {
        if (leases.length === 0 || !selectionAt(info, '').has('media'))
          return leases.map((lease) => ({ ...lease, media: undefined }))
        const query = queryFromInfo({ context, info, path: ['media'] })
        const media = await mediaByIds(context.prisma, query, leases.map(({ mediaId }) => mediaId)) // prettier-ignore
        return leases.map((lease) => ({ ...lease, media: media.get(lease.mediaId) }))
      },
    }),
  }),
})

const ClaimOrder = builder.enumType('AnalysisClaimOrder', { values: ['oldest', 'priority'] as const })

const ClaimAnalysisInput = builder.inputType('ClaimAnalysisInput', {
  fields: (t) => ({
    analysers: t.field({
      type: [AnalyserInput],
      description: 'The analysers that this worker runs. The default is all configured ones.',
      validate: z.array(z.unknown()).min(1).max(20),
    }),
    limit: t.int({
      defaultValue: 1,
      description: 'The maximum number of leases, 1 to 100.',
      validate: z.number().int().min(1).max(MOST_LEASES),
    }),
    leaseSeconds: t.int({
      description: "The duration of the leases. The default is the server's ANALYSIS_LEASE_SECONDS.",
      validate: leaseSeconds,
    }),
    worker: t.string({
      description: 'The name of the worker, for the logs. The default is the name of the token.',
      validate: z.string().trim().min(1).max(100),
    }),
    mediaType: t.field({ type: MediaKind }),
    order: t.field({ type: ClaimOrder, defaultValue: 'oldest' }),
  }),
})

const ExtendInput = builder.inputType('ExtendAnalysisLeaseInput', {
  fields: (t) => ({
    leases: t.field({
      type: [AnalysisLeaseInput],
      required: true,
      validate: z.array(z.unknown()).min(1).max(MOST_LEASES),
    }),
    leaseSeconds: t.int({
      description: 'The new duration of the leases, in seconds from now.',
      validate: leaseSeconds,
    }),
  }),
})
const ReleaseInput = builder.inputType('ReleaseAnalysisInput', {
  fields: (t) => ({
    leases: t.field({
      type: [AnalysisLeaseInput],
      required: true,
      validate: z.array(z.unknown()).min(1).max(MOST_LEASES),
    }),
  }),
})

const HeldLease = builder.objectRef<{ readonly id: string }>('HeldAnalysisLease').implement({
  isTypeOf: (value) => !(value instanceof Error),
  fields: (t) => ({ id: t.exposeID('id') }),
})
const ExtendPayload = builder
  .objectRef<{ readonly ids: readonly string[]; readonly held: ReadonlySet<string> }>(
    'ExtendAnalysisLeasePayload',
  )
  .implement({
    fields: (t) => ({
      leases: t.errorUnionListField({
        types: [HeldLease, LeaseLostError],
        description:
          'One entry for each lease, in the order of the input. Stop working on leases that are lost.',
        union: { name: 'ExtendedAnalysisLease' },
        resolve: ({ ids, held }) => ids.map((id) => (held.has(id) ? { id } : new LeaseLostError(id))),
      }),
    }),
  })
const ReleasePayload = builder
  .objectRef<{ readonly ids: readonly string[] }>('ReleaseAnalysisPayload')
  .implement({ fields: (t) => ({ ids: t.idList({ resolve: ({ ids }) => [...ids] }) }) })

builder.mutationFields((t) => ({
  claimAnalysis: t.field({
    type: ClaimPayload,
    scope: 'analyze',
    description: 'Claims analyses that no worker holds.',
    args: { input: t.arg({ type: ClaimAnalysisInput, required: true }) },
    errors: { types: [UnknownAnalyserError, InvalidInputError] },
    resolve: (_root, { input }, { db, viewer, analysisLeaseSeconds }) =>
      claimAnalyses(db, {
        analysers: input.analysers?.map(({ name, version }) => ({ name, version: version ?? undefined })),
        limit: input.limit ?? 1,
        leaseSeconds: input.leaseSeconds ?? analysisLeaseSeconds,
        worker: input.worker?.trim() ?? viewer.name,
        mediaType: input.mediaType ?? undefined,
        order: input.order ?? 'oldest',
      }),
  }),
  extendAnalysisLease: t.field({
    type: ExtendPayload,
    scope: 'analyze',
    description: 'Extends leases. Workers call it regularly during long work.',
    args: { input: t.arg({ type: ExtendInput, required: true }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input }, { db, analysisLeaseSeconds }) => ({
      ids: input.leases.map(({ id }) => id),
      held: await extendAnalyses(db, input.leases, input.leaseSeconds ?? analysisLeaseSeconds),
    }),
  }),
  releaseAnalysis: t.field({
    type: ReleasePayload,
    scope: 'analyze',
    description:
      'Returns leases without an attempt. Other workers can claim them immediately, and no attempt is counted.',
    args: { input: t.arg({ type: ReleaseInput, required: true }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input }, { db }) => {
      await releaseAnalyses(db, input.leases)
      return { ids: input.leases.map(({ id }) => id) }
    },
  }),
}))
