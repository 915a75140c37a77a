import { SimilarMediaDocument, type MediaTileFragment } from '@mediakeep/client'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { Link } from 'wouter'
import { Button } from '../ui/button.tsx'
import { countWords, describeMedia } from '../ui/words.ts'
import { hashDistance, nearnessOf } from './distance.ts'
import cards from './item.module.css'
import type { MediaDetail } from './media-detail.ts'
import styles from './relatives.module.css'

const Comparison = lazy(async () => ({ default: (await import('./comparison.tsx')).Comparison }))

interface Relative {
  readonly item: MediaTileFragment
  /** Shown under the picture. */
  readonly words?: string
}

/** Shows copies of the same bytes, lookalikes, and the other media of the post. */
export function Relatives({ item }: { readonly item: MediaDetail }): ReactNode {
  const { nodes, totalCount } = item.duplicates
  const count = totalCount ?? nodes.length
  const others = item.post.media.nodes.filter(({ id }) => id !== item.id)
  return (
    <>
      <Strip
        title={`The same bytes in ${countWords(count, 'other place')}`}
        relatives={nodes.map((node) => ({ item: node }))}
      />
      {item.perceptualHash !== null && <Similar item={item} hash={item.perceptualHash} />}
      <Strip title="From the same post" relatives={others.map((node) => ({ item: node }))} />
    </>
  )
}

/** Queried separately, so that the item need not wait for it. */
function Similar({ item, hash }: { readonly item: MediaDetail; readonly hash: string }): ReactNode {
  const [{ data }] = useQuery({ query: SimilarMediaDocument, variables: { id: item.id } })
  const [compared, setCompared] = useState<Relative>()
  const relatives = (data?.mediaItems.nodes ?? []).flatMap((node) => {
    if (node.sha256Sum === item.sha256Sum || node.perceptualHash === null) return []
    const distance = hashDistance(hash, node.perceptualHash)
    return [{ item: node, words: `${nearnessOf(distance)}, ${countWords(distance, 'bit')} of 64 apart` }]
  })
  return (
    <>
      <Strip title="Looks alike" relatives={relatives} onCompare={setCompared} />
      <Suspense>
        {compared && (
          <Comparison
            item={item}
            otherId={compared.item.id}
            nearness={compared.words ?? ''}
            onClose={() => setCompared(undefined)}
          />
        )}
      </Suspense>
    </>
  )
}

function Strip({
  title,
  relatives,
  onCompare,
}: {
  readonly title: string
  readonly relatives: readonly Relative[]
  readonly onCompare?: (relative: Relative) => void
}): ReactNode {
  if (relatives.length === 0) return null
  return (
    <section className={cards['card']}>
      <h2>{title}</h2>
      <ul className={styles['strip']} data-wide={onCompare !== undefined}>
        {relatives.map((relative) => {
          const { item, words } = relative
          return (
            <li key={item.id}>
              <Link
                href={`/items/${item.id}`}
                aria-label={[describeMedia(item), words].filter(Boolean).join(', ')}
              >
                {item.thumbnailUrl ? (
                  <img src={item.thumbnailUrl} alt="" loading="lazy" />
                ) : (
                  <span>{item.mediaType}</span>
                )}
              </Link>
              {words && <p className={cards['muted']}>{words}</p>}
              {onCompare && <Button onPress={() => onCompare(relative)}>Side by side</Button>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
