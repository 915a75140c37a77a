import { builder } from '../builder/builder.ts'
import { Post } from '../posts/post.ts'
import { childMedia } from './child-media.ts'
import type { MediaRow } from './media-rows.ts'
import { Media, MediaConnection, MediaEdge } from './media.ts'

/** As `t.relation('post')` has it: what the plugin is to load with the media. */
const selectPost = (_args: object, _context: object, nested: (query: object) => object): object => ({
  select: { post: nested({}) },
})

// Not `t.relation`: its resolver looks up for each row whether the plugin loaded it, which costs a page of fifty media
// a third of its time. All media are read with the post that is asked for, by the plugin or by our own statements.
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
