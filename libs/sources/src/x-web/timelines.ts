import type { FileRule } from '@mediakeep/plugin-api'

/** The places of a timeline's instructions, by the query that the web client sends. */
const INSTRUCTIONS = [
  '/data/user/result/timeline/timeline',
  '/data/user/result/timeline_v2/timeline',
  '/data/list/tweets_timeline/timeline',
  '/data/search_by_raw_query/search_timeline/timeline',
  '/data/threaded_conversation_with_injections_v2',
  '/data/home/home_timeline_urt',
  '/data/bookmark_timeline/timeline',
  '/data/bookmark_timeline_v2/timeline',
  '/data/bookmark_collection_timeline/timeline',
  '/data/bookmark_search_timeline/search_timeline/timeline',
  '/data/communityResults/result/ranked_community_timeline/timeline',
  '/data/communityResults/result/community_media_timeline/timeline',
].map((timeline) => `${timeline}/instructions`)

/** The places of posts in instructions: entries, entries with several posts, pinned posts, later additions. */
const ITEMS = [
  '/*/entries/*/content/itemContent',
  '/*/entries/*/content/items/*/item/itemContent',
  '/*/entry/content/itemContent',
  '/*/moduleItems/*/item/itemContent',
]

/** One post by its id, as the web client requests it. */
const SINGLE = ['/data/tweetResult/result', '/data/tweet_result/result', '/data/tweetResult/*/result']

/** Files without a timeline have the posts at the root. */
export const TIMELINES: readonly FileRule[] = [
  {},
  ...SINGLE.map((posts) => ({ posts })),
  ...INSTRUCTIONS.flatMap((instructions) => ITEMS.map((items) => ({ posts: `${instructions}${items}` }))),
]
