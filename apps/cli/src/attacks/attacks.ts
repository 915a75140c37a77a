import { setTimeout as sleep } from 'node:timers/promises'
import { uninspected } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { openUpload, send, times, UPLOAD_TAIL, uploadHead, uploadHeaders, type Answer } from './requests.ts'

export interface AttackContext {
  readonly url: string
  readonly db: Sql
  readonly tokens: { readonly admin: string; readonly read: string; readonly analyze: string }
  /** Serves the hostile files. */
  readonly origin: string
}

export interface Attack {
  readonly name: string
  /** @returns a summary of the answers @throws if the attack did not reach its target, or left work undone */
  run(context: AttackContext): Promise<string>
}

const MIB = 1024 ** 2
const json = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
})

function ask(context: AttackContext, body: object, token: string, signal?: AbortSignal): Promise<Answer> {
  const options = { method: 'POST', headers: json(token) }
  return send(`${context.url}/graphql`, options, JSON.stringify(body), signal)
}

/** `3 × 200, 1 × 503 TOO_MANY_UPLOADS` */
function tally(answers: readonly Answer[]): string {
  const counts = new Map<string, number>()
  for (const { status, text } of answers) {
    const code = /"code":"([A-Z_]+)"/.exec(text)?.[1]
    const kind = [status === 0 ? 'closed' : status, code].filter(Boolean).join(' ')
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ')
}

async function importPosts(context: AttackContext, posts: string): Promise<string> {
  const options = { method: 'POST', agent: false as const, headers: uploadHeaders(context.tokens.admin) }
  const answer = await send(`${context.url}/graphql`, options, uploadHead() + posts + UPLOAD_TAIL)
  const id = /"id":"([^"]+)"/.exec(answer.text)?.[1]
  if (id === undefined) throw new Error(`the import was refused: ${tally([answer])}`)
  const query = 'query ($id: ID!) { node(id: $id) { ... on ImportRun { status } } }'
  for (let seconds = 0; seconds < 120; seconds++) {
    const { text } = await ask(context, { query, variables: { id } }, context.tokens.admin)
    const status = /"status":"(\w+)"/.exec(text)?.[1]
    if (status !== undefined && !['waiting', 'running'].includes(status.toLowerCase()))
      return `import ${status}`
    await sleep(1000)
  }
  throw new Error('the import did not end within 120 s')
}

let lastId = 7_511_700_000_000_000_000n
function post(media: unknown): object {
  lastId += 4_194_304n
  const id = String(lastId)
  return {
    urn: { activity_urn: id },
    posted_at: { timestamp: 1_790_928_900_000 },
    text: id,
    author: { username: id },
    media,
  }
}

/** Waits until none of these URLs waits for download, and no content of them for inspection. */
async function untilSettled(db: Sql, urls: readonly string[], seconds: number): Promise<string> {
  for (let n = 0; n < seconds; n++) {
    const { rows } = await db.query<{ state: string; count: number }>(
      `SELECT CASE WHEN ${uninspected('c')} THEN 'uninspected' ELSE m.fate END AS state, count(*)::int AS count
       FROM public.post_media m LEFT JOIN mediakeep.contents c USING (sha256_sum)
       WHERE m.media_url = ANY ($1) GROUP BY 1`,
      [urls],
    )
    if (rows.length > 0 && !rows.some(({ state }) => state === 'waiting' || state === 'uninspected'))
      return rows.map(({ state, count }) => `${count} × ${state}`).join(', ')
    await sleep(1000)
  }
  throw new Error(`the media were not settled within ${seconds} s`)
}

/** In the order in which they run. */
export function allAttacks(): readonly Attack[] {
  return ATTACKS
}

const ATTACKS: readonly Attack[] = [
  {
    name: '280 uploads whose client leaves',
    async run({ url, tokens }) {
      await times(280, 40, async () => {
        const sent = openUpload(url, tokens.admin)
        sent.write(uploadHead())
        sent.write(Buffer.alloc(256 * 1024, 'x'))
        await sleep(100)
        sent.destroy()
      })
      return 'left'
    },
  },
  {
    name: '32 uploads of 32 MiB, 16 at once',
    async run({ url, tokens }) {
      const chunk = Buffer.alloc(32 * MIB, ' ')
      const options = { method: 'POST', agent: false as const, headers: uploadHeaders(tokens.admin) }
      const body = Buffer.concat([Buffer.from(uploadHead()), chunk, Buffer.from(`[]${UPLOAD_TAIL}`)])
      return tally(await times(32, 16, () => send(`${url}/graphql`, options, body)))
    },
  },
  {
    name: '20 uploads of 64 MiB without the scope',
    async run({ url, tokens }) {
      const options = { method: 'POST', agent: false as const, headers: uploadHeaders(tokens.analyze) }
      const body = Buffer.concat([Buffer.from(uploadHead()), Buffer.alloc(64 * MIB, 'x')])
      return tally(await times(20, 8, () => send(`${url}/graphql`, options, body)))
    },
  },
  {
    name: '24 searches, left after 1.5 s',
    async run(context) {
      const query =
        '{ mediaItems(first: 100, filter: { search: "alpine meadow" }) { totalCount nodes { id post { textContent } } } }'
      const answers = await times(24, 8, () =>
        ask(context, { query }, context.tokens.read, AbortSignal.timeout(1500)),
      )
      return tally(answers)
    },
  },
  {
    name: '534 different queries of 3.9 MB',
    async run(context) {
      const answers = await times(534, 8, (n) =>
        ask(context, { query: `{ __typename } #${n}${'x'.repeat(3.9 * MIB)}` }, context.tokens.read),
      )
      return tally(answers)
    },
  },
  {
    name: '5,000 different queries of 90 KB',
    async run(context) {
      const answers = await times(5000, 16, (n) =>
        ask(context, { query: `{ a${n}: __typename } #${'x'.repeat(90_000)}` }, context.tokens.read),
      )
      return tally(answers)
    },
  },
  {
    name: '60 subscriptions with 12 MB of variables',
    async run(context) {
      const query =
        'subscription ($filter: MediaStatusFilter) { mediaStatusChanged(filter: $filter) { cursor } }'
      const mediaIds = Array.from({ length: 500_000 }, (_, n) => `media-with-a-long-name-${n}`)
      const body = JSON.stringify({ query, variables: { filter: { mediaIds } } })
      const headers = { ...json(context.tokens.read), accept: 'text/event-stream' }
      const options = { method: 'POST', agent: false as const, headers }
      const leave = AbortSignal.timeout(15_000)
      return tally(await times(60, 12, () => send(`${context.url}/graphql`, options, body, leave)))
    },
  },
  {
    name: '10,000 health requests, 2,000 a second',
    async run({ url }) {
      const answers: Promise<Answer[]>[] = []
      for (let tick = 0; tick < 100; tick++) {
        const path = tick % 2 === 0 ? '/health/ready' : '/health/serving'
        answers.push(times(100, 100, () => send(`${url}${path}`, { method: 'GET' })))
        await sleep(50)
      }
      return tally((await Promise.all(answers)).flat())
    },
  },
  {
    name: '40 answers of 100 MB',
    async run(context) {
      const aliases = Array.from(
        { length: 6 },
        (_, n) => `a${n}: posts(first: 20, direction: ASC) { nodes { rawJson } }`,
      )
      const query = `{ ${aliases.join(' ')} }`
      return tally(await times(40, 8, () => ask(context, { query }, context.tokens.read)))
    },
  },
  {
    name: '20 posts with 9,990 equal URLs each',
    run(context) {
      const media = Array.from({ length: 9990 }, () => ({
        type: 'image',
        url: `${context.origin}/equal.jpg`,
      }))
      const posts = Array.from({ length: 20 }, () => post(media))
      return importPosts(context, JSON.stringify(posts))
    },
  },
  {
    name: 'a post of 16 MB: media [0,0,…]',
    run(context) {
      const zeros = `[${'0,'.repeat(8 * MIB)}0]`
      return importPosts(context, JSON.stringify([post('HERE')]).replace('"HERE"', zeros))
    },
  },
  {
    name: '4 videos of 2.5 million boxes',
    async run(context) {
      const urls = Array.from({ length: 4 }, (_, n) => `${context.origin}/hostile-${n}.mp4`)
      const posts = urls.map((url) => post({ type: 'video', url }))
      const imported = await importPosts(context, JSON.stringify(posts))
      return `${imported}; ${await untilSettled(context.db, urls, 120)}`
    },
  },
  {
    name: '32 names with dead name servers',
    async run(context) {
      const posts = Array.from({ length: 32 }, (_, n) =>
        post({ type: 'image', url: `https://dead-${n}.example/picture.jpg` }),
      )
      const imported = await importPosts(context, JSON.stringify(posts))
      await sleep(15_000)
      return imported
    },
  },
]
