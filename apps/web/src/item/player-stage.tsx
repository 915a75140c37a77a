import { Music } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { describeMedia, sizeWords } from '../ui/words.ts'
import type { MediaDetail } from './media-detail.ts'
import styles from './stage.module.css'

/** Plays a video or sound with the browser's own player; browsers cannot play every format. */
export function PlayerStage({ item }: { readonly item: MediaDetail }): ReactNode {
  const [hasFailed, setFailed] = useState(false)
  const player = {
    src: item.url!,
    controls: true,
    preload: 'metadata',
    'aria-label': describeMedia(item),
    onError: () => setFailed(true),
  } as const
  if (hasFailed)
    return (
      <div className={styles['stage']}>
        <div className={styles['document']}>
          {item.largeUrl && <img src={item.largeUrl} alt="A frame of the video" />}
          <p role="status">This browser cannot play {item.mimeType ?? 'this format'}.</p>
          <OpenFile item={item}>Open the file</OpenFile>
        </div>
      </div>
    )
  return (
    <div className={styles['stage']}>
      {item.mediaType === 'video' ? (
        // Posts come without captions, and there is no transcript.
        <video {...player} className={styles['video']} poster={item.largeUrl ?? undefined} />
      ) : (
        <div className={styles['sound']}>
          <Music size={64} strokeWidth={1} aria-hidden />
          <audio {...player} className={styles['audio']} />
          <p>{[item.mimeType, sizeWords(item.fileSize)].filter(Boolean).join(', ')}</p>
        </div>
      )}
    </div>
  )
}

/** A link to the file in a new tab. */
export function OpenFile({
  item,
  children,
}: {
  readonly item: MediaDetail
  readonly children: ReactNode
}): ReactNode {
  return (
    <a href={item.url!} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}
