import { builder } from './builder.ts'
import type { MediaRow } from './media-rows.ts'
import type { PostRow } from './post-rows.ts'

// Posts and media refer to each other; each is described in a file of its own.
export const Post = builder.objectRef<PostRow>('Post')
export const Media = builder.objectRef<MediaRow>('Media')
export const MediaEdge = builder.edgeObject({ name: 'MediaEdge', type: Media })
export const MediaConnection = builder.connectionObject({ name: 'MediaConnection', type: Media }, MediaEdge)
