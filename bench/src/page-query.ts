import { post } from './page-load.ts'

/** The request for a page, and how to read the ids in the answer. */
export interface Page {
  readonly body: string
  idsIn(answer: unknown): string[]
}

/** The sort key of a row. */
export type Key = readonly [createdAt: string, mediaId: string]

const SIZE = 50

const QUERY = `query Page($first: Int, $after: String) {
  mediaItems(first: $first, after: $after) {
    edges {
      cursor
      node {
        id mediaType mediaUrl mimeType fileSize width height md5Sum sha256Sum localFilePath archiveUrl
        aiAnalysisStatus fate role createdAt
        post { id urn authorUsername url postType textContent }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

const CURSOR = `query Cursor($before: DateTime) {
  mediaItems(first: 1, filter: { createdBefore: $before }) { edges { cursor node { mediaId createdAt } } }
}`

/** Returns a hand-written query for the same columns. */
export const pageSql = (isFirst: boolean): string => `SELECT m.media_id AS "id", m.media_type AS "mediaType",
    m.media_url AS "mediaUrl", m.mime_type AS "mimeType", coalesce(m.byte_size, m.file_size) AS "fileSize", m.width,
    m.height, m.md5_sum AS "md5Sum", m.sha256_sum AS "sha256Sum", m.local_file_path AS "localFilePath",
    m.archive_url AS "archiveUrl", m.ai_analysis_status AS "aiAnalysisStatus", m.fate, m.role,
    m.created_at AS "createdAt",
    json_build_object('id', p.post_id, 'urn', p.urn, 'authorUsername', p.author_username, 'url', p.url,
      'postType', p.post_type, 'textContent', p.text_content) AS post
  FROM post_media m JOIN posts p USING (post_id)
  ${isFirst ? '' : 'WHERE (m.created_at, m.media_id) < ($2::timestamptz, $3)'}
  ORDER BY m.created_at DESC, m.media_id DESC LIMIT $1`

interface Connection {
  readonly data: {
    readonly mediaItems: {
      readonly edges: readonly {
        readonly cursor: string
        readonly node: { readonly post?: object; readonly mediaId: string; readonly createdAt: string }
      }[]
    }
  }
}

export function graphqlPage(after: string | undefined): Page {
  return {
    body: JSON.stringify({ query: QUERY, variables: { first: SIZE, after } }),
    idsIn: (answer) => (answer as Connection).data.mediaItems.edges.map(({ node }) => postId(node.post)),
  }
}

export function sqlPage(after: Key | undefined): Page {
  return {
    body: JSON.stringify({ values: [SIZE, ...(after ?? [])] }),
    idsIn: (answer) => (answer as { post: object }[]).map(({ post }) => postId(post)),
  }
}

/** Returns the URN: the API has ids of its own. */
function postId(post: object | undefined): string {
  return (post as { urn: string }).urn
}

/** When the newest rows of a filled database were created; each further hundred, one import's, is a second older. */
export const FIRST_CREATED = Date.UTC(2026, 0, 1)

/** Returns where the page after this many rows starts. */
export async function cursorAt(apiUrl: string, row: number): Promise<{ cursor: string; key: Key }> {
  const before = new Date(FIRST_CREATED - (row / 100 - 1) * 1000).toISOString()
  const body = JSON.stringify({ query: CURSOR, variables: { before } })
  const [edge] = ((await post(apiUrl, { body })) as Connection).data.mediaItems.edges
  return { cursor: edge!.cursor, key: [edge!.node.createdAt, edge!.node.mediaId] }
}
