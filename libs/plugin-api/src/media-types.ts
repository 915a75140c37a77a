/**
 * The kinds of media, in display order. This is the only list: the database's CHECK constraints, the API's enum and
 * the cache folders follow it, and tests compare them with it. A reader that meets a kind not listed here (written by
 * a newer release) must pass it on and must not fail.
 */
export const MEDIA_TYPES = ['image', 'video', 'audio', 'document'] as const

export type MediaType = (typeof MEDIA_TYPES)[number]

/** The kinds that can be shown as a picture: an image, a frame, the first page. */
export const PICTURED_MEDIA_TYPES = ['image', 'video', 'document'] as const satisfies readonly MediaType[]
