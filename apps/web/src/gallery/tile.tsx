import { Check, CircleAlert, Clock3, FileText, ImageOff, Music, Play } from 'lucide-react'
import { memo, useState, type ReactNode } from 'react'
import { usePlaceholder } from '../ui/placeholder.ts'
import { describeMedia } from '../ui/words.ts'
import type { GalleryItem } from './page-store.ts'
import styles from './tile.module.css'

interface Props {
  readonly item: GalleryItem
  readonly isSelected: boolean
}

/** Shows an item's picture, or why there is none. */
export const Tile = memo(function Tile({ item, isSelected }: Props): ReactNode {
  return (
    <>
      <Picture item={item} />
      {item.mediaType === 'video' && <Play className={styles['kind']} size={18} aria-hidden />}
      {item.mediaType === 'audio' && <Music className={styles['kind']} size={18} aria-hidden />}
      {item.mediaType === 'document' && <FileText className={styles['kind']} size={18} aria-hidden />}
      {item.aiAnalysisStatus === 'started' && <span className={styles['working']} aria-hidden />}
      {item.aiAnalysisStatus === 'failed' && (
        <CircleAlert className={styles['failed']} size={18} aria-hidden />
      )}
      <span className={styles['check']} data-selected={isSelected} aria-hidden>
        <Check size={14} strokeWidth={3} />
      </span>
      <span className="visually-hidden">{describeMedia(item)}</span>
      {item.searchSnippet && <Snippet parts={item.searchSnippet} />}
    </>
  )
})

/** Shows where a search was found, in the text of the post or in what analysers found. */
function Snippet({ parts }: { readonly parts: NonNullable<GalleryItem['searchSnippet']> }): ReactNode {
  return (
    <span className={styles['snippet']}>
      <span>{parts.map(({ text, isMatch }, n) => (isMatch ? <mark key={n}>{text}</mark> : text))}</span>
    </span>
  )
}

function Picture({ item }: { readonly item: GalleryItem }): ReactNode {
  const [failed, setFailed] = useState<string>()
  const placeholder = usePlaceholder(item.thumbnailUrl === null ? null : item.thumbhash)
  // Some files cannot be drawn: a video without a key frame, a format without a decoder.
  if (item.thumbnailUrl !== null && item.thumbnailUrl !== failed)
    return (
      <img
        className={styles['picture']}
        src={item.thumbnailUrl}
        onError={() => setFailed(item.thumbnailUrl!)}
        style={{ backgroundImage: placeholder }}
        alt=""
        loading="eager"
        decoding="async"
        draggable={false}
      />
    )
  const Icon = item.fate === 'waiting' ? Clock3 : item.fate === 'fetched' ? FileText : ImageOff
  return (
    <span className={styles['absent']}>
      <Icon size={24} aria-hidden />
      <span aria-hidden>{item.fate === 'fetched' ? (item.mimeType ?? item.mediaType) : item.fate}</span>
    </span>
  )
}
