import { builder } from '../builder/builder.ts'
import { Post } from '../posts/post.ts'
import { childMedia } from './child-media.ts'
import type { MediaRow } from './media-rows.ts'
import { Media, MediaConnection, MediaEdge } from './media.ts'

/** Tells the plugin what to load with the media, like `t.relation('post')`. */
const selectPost = (_args: object, _context: object, nested: (query: object) => object): object => ({
  select: { post: nested({}) },
})

// Not `t.relation`: its resolver checks for each row whether the plugin loaded it, which takes a third of the time of a
// page of 50 media. Media are always read with the requested post, by the plugin or by our own statements.
builder.objectField(Media, 'post', (t) =>
  t.field({
    type: Post,
    scope: 'read',
    extensions: { pothosPrismaSelect: selectPost },
    resolve: (media) => (media as MediaRow).post,
  }),
)

builder.objectField(Post, 'media', (t) =>
  t.connection(
    {
      type: Media,
      resolve: ({ postId }, args, context, info) =>
        childMedia(
          { parent: { id: postId, value: postId }, args, context, info },
          'm.post_id = parent.value',
        ),
    },
    MediaConnection,
    MediaEdge,
  ),
)
