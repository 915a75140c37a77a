import { MediaDetailDocument } from '@mediakeep/client'
import { useCallback, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { Link, useSearch } from 'wouter'
import { useStatusChanges } from '../connection/live.tsx'
import { useTitle } from '../ui/use-title.ts'
import { LoadError } from '../connection/load-error.tsx'
import { readFields } from '../gallery/filters.ts'
import { Notice } from '../ui/notice.tsx'
import { Analyses } from './analyses.tsx'
import { Checksums } from './checksums.tsx'
import { Custody } from './custody.tsx'
import { ItemHeader } from './item-header.tsx'
import styles from './item.module.css'
import type { MediaDetail } from './media-detail.ts'
import { PostCard } from './post-card.tsx'
import { recognisedText } from './recognised-words.ts'
import { Relatives } from './relatives.tsx'
import { Stage } from './stage.tsx'

export function Item({ id }: { readonly id: string }): ReactNode {
  const search = useSearch()
  const [{ data, error, fetching }, execute] = useQuery({
    query: MediaDetailDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const refresh = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useStatusChanges(
    useCallback(
      (changes) => {
        if (changes.some(({ mediaId }) => mediaId === id)) refresh()
      },
      [id, refresh],
    ),
  )
  const item = data?.mediaItem
  if (error && !item) return <LoadError what="This item" error={error} onRetry={refresh} />
  if (!item)
    return fetching ? null : (
      <Notice isPage title="There is no such item">
        <p>This archive has no item {id}.</p>
        <Link href="/">Go to the gallery</Link>
      </Notice>
    )
  return <Detail item={item} search={search} />
}

function Detail({ item, search }: { readonly item: MediaDetail; readonly search: string }): ReactNode {
  const title = titleOf(item)
  const sought = readFields(search).q
  const texts = item.analyses.flatMap(({ result }) => recognisedText(result) ?? [])
  useTitle(title)
  return (
    <article className={styles['item']}>
      <ItemHeader item={item} title={title} search={search} />
      <Stage key={item.id} item={item} text={texts[0]} sought={sought} />
      <div className={styles['panel']}>
        {item.altText && (
          <section className={styles['card']}>
            <h2>Alternative text</h2>
            <p
              className={styles['text']}
              tabIndex={0}
              role="region"
              aria-label="Alternative text of the media item"
            >
              {item.altText}
            </p>
          </section>
        )}
        <PostCard post={item.post} sought={sought} />
        <Custody item={item} />
        <Analyses item={item} />
        <Checksums item={item} />
        <Relatives item={item} />
      </div>
    </article>
  )
}

function titleOf({ mediaType, post }: MediaDetail): string {
  const kind =
    { image: 'Picture', video: 'Video', audio: 'Sound', document: 'Document' }[mediaType] ?? mediaType
  return post.authorUsername ? `${kind} by ${post.authorUsername}` : kind
}
