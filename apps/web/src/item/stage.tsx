import { Minus, Plus, ScanText } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { describeMedia, FATE_WORDS } from '../ui/words.ts'
import type { MediaDetail } from './media-detail.ts'
import { isSought, type RecognisedText } from './recognised-words.ts'
import styles from './stage.module.css'

/** Zoom factors, relative to the size that fits the window. */
const ZOOMS = [1, 1.5, 2, 3, 4, 6]

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
  if (item.mediaType === 'video')
    return (
      <div className={styles['stage']}>
        {/* Posts come without captions, and there is no transcript. */}
        <video className={styles['video']} src={item.url} poster={item.largeUrl ?? undefined} controls />
      </div>
    )
  if (item.mediaType === 'audio')
    return (
      <div className={styles['stage']}>
        <audio className={styles['audio']} src={item.url} controls aria-label={describeMedia(item)} />
      </div>
    )
  if (item.mediaType === 'document') return <DocumentStage item={item} />
  return <PictureStage item={item} text={text} sought={sought} />
}

function DocumentStage({ item }: { readonly item: MediaDetail }): ReactNode {
  return (
    <div className={styles['stage']}>
      <figure className={styles['document']}>
        {item.largeUrl && <img src={item.largeUrl} alt="The first page" />}
        <figcaption>
          <a href={item.url!} target="_blank" rel="noreferrer">
            Open the document
          </a>
        </figcaption>
      </figure>
    </div>
  )
}

function PictureStage({ item, text, sought }: Props): ReactNode {
  const [step, setStep] = useState(0)
  const [showsText, setShowsText] = useState(sought !== '')
  const zoom = ZOOMS[step]!
  return (
    <div className={styles['stage']}>
      <div
        className={styles['window']}
        tabIndex={0}
        role="region"
        aria-label="Picture; scrolls when enlarged"
        data-takes-keys={zoom > 1}
        onDoubleClick={() => setStep(step === 0 ? 2 : 0)}
      >
        <div className={styles['picture']} style={{ width: `${zoom * 100}%`, height: `${zoom * 100}%` }}>
          <img
            src={zoom > 1 || !item.largeUrl ? item.url! : item.largeUrl}
            alt={altOf(item)}
            // Shows the gallery's thumbnail until the large picture has loaded.
            style={{ backgroundImage: item.thumbnailUrl ? `url("${item.thumbnailUrl}")` : undefined }}
          />
          {text && showsText && <Words text={text} sought={sought} />}
        </div>
      </div>
      <div className={styles['tools']} role="group" aria-label="View">
        <Button tone="quiet" aria-label="Smaller" isDisabled={step === 0} onPress={() => setStep(step - 1)}>
          <Minus size={18} aria-hidden />
        </Button>
        <span aria-live="polite">{zoom === 1 ? 'Fit' : `${zoom} × fit`}</span>
        <Button
          tone="quiet"
          aria-label="Larger"
          isDisabled={step === ZOOMS.length - 1}
          onPress={() => setStep(step + 1)}
        >
          <Plus size={18} aria-hidden />
        </Button>
        {text && (
          <Button tone="quiet" aria-pressed={showsText} onPress={() => setShowsText(!showsText)}>
            <ScanText size={18} aria-hidden /> {showsText ? 'Hide text' : 'Show text'}
          </Button>
        )}
      </div>
    </div>
  )
}

/** Outlines words over the picture, in its own pixels; highlights those that were searched for. */
function Words({ text, sought }: { readonly text: RecognisedText; readonly sought: string }): ReactNode {
  return (
    <svg
      className={styles['words']}
      viewBox={`0 0 ${text.width} ${text.height}`}
      preserveAspectRatio="xMidYMid meet"
      role="img"
      aria-label={`Text in the picture: ${text.words.map(({ word }) => word).join(' ')}`}
    >
      {text.words.map(({ word, left, top, width, height }, n) => (
        <rect
          key={n}
          x={left}
          y={top}
          width={width}
          height={height}
          data-word={word}
          data-sought={isSought(word, sought)}
        >
          <title>{word}</title>
        </rect>
      ))}
    </svg>
  )
}

function altOf(item: MediaDetail): string {
  for (const { result } of item.analyses) {
    const alt = (result as { altText?: unknown; caption?: unknown } | null)?.altText
    if (typeof alt === 'string' && alt !== '') return alt
  }
  return describeMedia(item)
}
