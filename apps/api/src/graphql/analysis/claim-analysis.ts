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
    version: t.string({ description: 'The configured one unless given.' }),
  }),
})

/** Proves that a client holds a lease. */
const AnalysisLeaseInput = builder.inputType('AnalysisLeaseInput', {
  fields: (t) => ({ id: t.id({ required: true }), token: t.string({ required: true }) }),
})

type LeaseWithMedia = Lease & { readonly media: Media | undefined }

const AnalysisLease = builder.objectRef<LeaseWithMedia>('AnalysisLease').implement({
  description: 'One attempt of one analyser at one content, held until it expires.',
  fields: (t) => ({
    id: t.exposeID('id'),
    token: t.exposeString('token', { description: 'Proves that the lease is held; of this attempt alone.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: "By the database's clock." }),
    attempt: t.exposeInt('attempt', { description: 'From 1.' }),
    analyser: t.exposeString('analyser'),
    analyserVersion: t.exposeString('analyserVersion'),
    url: t.string({
      description: 'The bytes, by GET, with Range; signed for some hours.',
      resolve: ({ mediaId, sha256 }, _args, { links }) => links.media(mediaId, sha256),
    }),
    sha256Sum: t.exposeString('sha256', { description: 'Of the bytes: check them by it.' }),
    fileSize: t.expose('byteSize', { type: 'BigInt', description: 'In bytes.' }),
    mimeType: t.exposeString('mimeType', { description: 'By the bytes.' }),
    mediaType: t.field({ type: MediaKind, resolve: (lease) => lease.mediaType }),
    width: t.exposeInt('width', { nullable: true, description: 'In pixels.' }),
    height: t.exposeInt('height', { nullable: true, description: 'In pixels.' }),
    mediaId: t.exposeID('mediaId', { description: 'The oldest media item that shows the content.' }),
    media: t.field({
      type: MediaType,
      nullable: true,
      description: 'That media item; null when it was removed meanwhile.',
      resolve: (lease) => lease.media,
    }),
  }),
})

const ClaimPayload = builder.objectRef<readonly Lease[]>('ClaimAnalysisPayload').implement({
  fields: (t) => ({
    leases: t.field({
      type: [AnalysisLease],
      description: 'None: there is nothing to do now; ask again later.',
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
      description: 'Those that this worker is; all that are configured unless given.',
      validate: z.array(z.unknown()).min(1).max(20),
    }),
    limit: t.int({
      defaultValue: 1,
      description: '1 to 100.',
      validate: z.number().int().min(1).max(MOST_LEASES),
    }),
    leaseSeconds: t.int({
      description: "How long the leases last; the server's ANALYSIS_LEASE_SECONDS unless given.",
      validate: leaseSeconds,
    }),
    worker: t.string({
      description: "Who claims, for the logs; the token's name unless given.",
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
    leaseSeconds: t.int({ description: 'From now.', validate: leaseSeconds }),
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
        description: 'Of each lease, in their order. The work of those that are lost must stop.',
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
    description: 'Takes analyses that nobody holds.',
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
    description: 'Prolongs leases: the heartbeat of long work.',
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
    description: 'Gives leases back untried: others can claim them at once, and the attempt does not count.',
    args: { input: t.arg({ type: ReleaseInput, required: true }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input }, { db }) => {
      await releaseAnalyses(db, input.leases)
      return { ids: input.leases.map(({ id }) => id) }
    },
  }),
}))
