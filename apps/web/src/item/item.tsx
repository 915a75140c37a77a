import { MediaDetailDocument, type MediaDetailQuery } from '@mediakeep/client'
import { ArrowLeft } from 'lucide-react'
import { useCallback, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { Link, useSearch } from 'wouter'
import { useStatusChanges } from '../app/live.tsx'
import { Notice } from '../ui/notice.tsx'
import { Analyses } from './analyses.tsx'
import { Checksums } from './checksums.tsx'
import { Custody } from './custody.tsx'
import { ItemActions } from './item-actions.tsx'
import styles from './item.module.css'
import { PostCard } from './post-card.tsx'
import { recognisedText } from './recognised-words.ts'
import { Relatives } from './relatives.tsx'
import { Stage } from './stage.tsx'

export type MediaDetail = NonNullable<MediaDetailQuery['mediaItem']>

export function Item({ id }: { readonly id: string }): ReactNode {
  const search = useSearch()
  const [{ data, error, fetching }, execute] = useQuery({
    query: MediaDetailDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  useStatusChanges(
    useCallback(
      (changes) => {
        if (changes.some(({ mediaId }) => mediaId === id)) execute({ requestPolicy: 'network-only' })
      },
      [id, execute],
    ),
  )
  const item = data?.mediaItem
  if (error && !item)
    return (
      <Notice title="This item could not be read" tone="bad">
        <p>{error.message}</p>
      </Notice>
    )
  if (!item)
    return fetching ? null : (
      <Notice title="There is no such item">
        <p>{id} is in no row of this archive.</p>
        <Link href="/">Go to the gallery</Link>
      </Notice>
    )
  return <Detail item={item} sought={new URLSearchParams(search).get('q') ?? ''} />
}

function Detail({ item, sought }: { readonly item: MediaDetail; readonly sought: string }): ReactNode {
  const texts = item.analyses.flatMap(({ result }) => recognisedText(result) ?? [])
  return (
    <article className={styles['item']}>
      <header className={styles['header']}>
        <Link href={sought ? `/?q=${encodeURIComponent(sought)}` : '/'} className={styles['back']}>
          <ArrowLeft size={18} aria-hidden /> Gallery
        </Link>
        <h1>{titleOf(item)}</h1>
        <ItemActions item={item} />
      </header>
      <Stage item={item} text={texts[0]} sought={sought} />
      <div className={styles['panel']}>
        <PostCard post={item.post} />
        <Custody item={item} />
        <Analyses item={item} />
        <Checksums item={item} />
        <Relatives item={item} />
      </div>
    </article>
  )
}

function titleOf({ mediaType, post }: MediaDetail): string {
  const kind = { image: 'Picture', video: 'Video', document: 'Document' }[mediaType] ?? mediaType
  return post.authorUsername ? `${kind} by ${post.authorUsername}` : kind
}
