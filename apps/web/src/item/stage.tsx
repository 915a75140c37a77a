import type { ReactNode } from 'react'
import { FATE_WORDS } from '../ui/words.ts'
import { DocumentStage } from './document-stage.tsx'
import type { MediaDetail } from './media-detail.ts'
import { PictureStage } from './picture-stage.tsx'
import { PlayerStage } from './player-stage.tsx'
import type { RecognisedText } from './recognised-words.ts'
import styles from './stage.module.css'

interface Props {
  readonly item: MediaDetail
  readonly text: RecognisedText | undefined
  /** Search words to highlight in the picture. */
  readonly sought: string
}

/** Shows the picture, the player or the document as large as there is room for. */
export function Stage({ item, text, sought }: Props): ReactNode {
  if (item.url === null)
    return (
      <div className={styles['stage']}>
        <p className={styles['absent']}>There is no file: {FATE_WORDS[item.fate]}.</p>
      </div>
    )
  if (item.mediaType === 'video' || item.mediaType === 'audio') return <PlayerStage item={item} />
  if (item.mediaType === 'document') return <DocumentStage item={item} />
  return <PictureStage item={item} text={text} sought={sought} />
}
