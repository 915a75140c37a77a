// Lists the newest media of a server that show or say something, then what happens to any: `node watch.js URL [WORDS]`.
import { createClient, MediaPageDocument, MediaStatusChangedDocument } from '@mediakeep/client'

const [url = 'http://127.0.0.1:4000/graphql', search] = process.argv.slice(2)
const client = createClient({ url, token: () => process.env.MEDIAKEEP_TOKEN })

const filter = search === undefined ? {} : { search }
const { mediaItems } = await client.query(MediaPageDocument, { first: 10, filter })
for (const { id, mediaType, fate, aiAnalysisStatus } of mediaItems.nodes)
  console.log(`${id}: ${mediaType}, ${fate}, ${aiAnalysisStatus}`)

client.follow(MediaStatusChangedDocument, {
  variables: {},
  cursorOf: ({ mediaStatusChanged }) => mediaStatusChanged.cursor,
  onData: ({ mediaStatusChanged: { mediaId, what, status } }) => console.log(`${mediaId}: ${what} ${status}`),
  onState: (state) => console.log(`(${state})`),
})
