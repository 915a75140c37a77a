import type { MediaTileFragment } from '@mediakeep/client'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { describeMedia } from '../ui/words.ts'
import cards from './item.module.css'
import type { MediaDetail } from './item.tsx'
import styles from './relatives.module.css'

/** The same bytes elsewhere, and what else the post shows. */
export function Relatives({ item }: { readonly item: MediaDetail }): ReactNode {
  const { nodes, totalCount } = item.duplicates
  const others = item.post.media.nodes.filter(({ id }) => id !== item.id)
  return (
    <>
      <Strip title={`The same bytes in ${totalCount ?? nodes.length} other places`} items={nodes} />
      <Strip title="From the same post" items={others} />
    </>
  )
}

function Strip({
  title,
  items,
}: {
  readonly title: string
  readonly items: readonly MediaTileFragment[]
}): ReactNode {
  if (items.length === 0) return null
  return (
    <section className={cards['card']}>
      <h2>{title}</h2>
      <ul className={styles['strip']}>
        {items.map((item) => (
          <li key={item.id}>
            <Link href={`/items/${item.id}`} aria-label={describeMedia(item)}>
              {item.thumbnailUrl ? (
                <img src={item.thumbnailUrl} alt="" loading="lazy" />
              ) : (
                <span>{item.mediaType}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
