import type { MediaDetailQuery } from '@mediakeep/client'

export type MediaDetail = NonNullable<MediaDetailQuery['mediaItem']>
