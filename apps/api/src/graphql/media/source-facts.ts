import type { Media as MediaColumns } from '@mediakeep/db'
import { builder } from '../builder/builder.ts'
import { Media } from './media.ts'

const DigestAlgorithm = builder.enumType('DigestAlgorithm', {
  values: { MD5: { value: 'md5' }, SHA256: { value: 'sha256' } },
})

type AttestedColumns = Pick<MediaColumns, 'attestedAlgorithm' | 'attestedValue' | 'attestedMatches'>

const AttestedHash = builder.objectRef<AttestedColumns>('AttestedHash').implement({
  fields: (t) => ({
    algorithm: t.field({
      type: DigestAlgorithm,
      resolve: ({ attestedAlgorithm }) => (attestedAlgorithm === 'sha256' ? 'sha256' : 'md5'),
    }),
    value: t.string({ resolve: ({ attestedValue }) => attestedValue! }),
    matches: t.exposeBoolean('attestedMatches', { nullable: true }),
  }),
})

/** Facts about a media item that its source states. */
builder.objectFields(Media, (t) => ({
  fetchUrl: t.exposeString('fetchUrl', { nullable: true }),
  altText: t.exposeString('altText', { nullable: true }),
  attestedHash: t.field({
    type: AttestedHash,
    nullable: true,
    resolve: (media) => (media.attestedValue === null ? null : media),
  }),
}))
