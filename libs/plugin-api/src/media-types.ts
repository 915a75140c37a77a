/**
 * The kinds of media, in the order in which lists show them. This is the only list: the database's CHECK constraints,
 * the API's enum and the folders of the cache follow it, and tests compare them with it. A reader that meets a kind
 * which is not listed here (written by a newer release) must pass it on and must not fail.
 */
export const MEDIA_TYPES = ['image', 'video', 'audio', 'document'] as const

export type MediaType = (typeof MEDIA_TYPES)[number]

/** The kinds of which a picture can be shown: an image, a frame, the first page. */
export const PICTURED_MEDIA_TYPES = ['image', 'video', 'document'] as const satisfies readonly MediaType[]
