import { Minus, Plus, ScanText } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { useSize } from '../ui/use-size.ts'
import { describeMedia } from '../ui/words.ts'
import type { MediaDetail } from './media-detail.ts'
import { isSought, type RecognisedText } from './recognised-words.ts'
import styles from './stage.module.css'
import { fitScale, zoomed, zoomWords, type Size, type Zoom } from './zoom.ts'

interface Props {
  readonly item: MediaDetail
  readonly text: RecognisedText | undefined
  /** Search words to highlight in the picture. */
  readonly sought: string
}

/** Shows a picture that fits its window, or enlarged; at 100 % each of its pixels is a pixel of the screen. */
export function PictureStage({ item, text, sought }: Props): ReactNode {
  const [zoom, setZoom] = useState<Zoom>('fit')
  const [showsText, setShowsText] = useState(sought !== '')
  const [element, setElement] = useState<HTMLElement | null>(null)
  const window = useSize(element)
  // Older tools recorded no size: the original is shown and measured.
  const [measured, setMeasured] = useState<Size>()
  const known = item.width && item.height ? { width: item.width, height: item.height } : undefined
  const size = known ?? measured
  const fit = size && window.width > 0 ? fitScale(size, window, devicePixelRatio) : 1
  return (
    <div className={styles['stage']}>
      <div
        ref={setElement}
        className={styles['window']}
        tabIndex={0}
        role="region"
        aria-label="Picture; scrolls when enlarged"
        data-takes-keys={zoom !== 'fit' && zoom > fit}
        onDoubleClick={() => setZoom(zoom === 'fit' ? 1 : 'fit')}
      >
        <div className={styles['picture']} style={pictureStyle(zoom, size)}>
          <img
            src={zoom !== 'fit' || !known || !item.largeUrl ? item.url! : item.largeUrl}
            alt={altOf(item)}
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
              setMeasured({ width, height })
            }
            // Shows the gallery's thumbnail until the large picture has loaded.
            style={{ backgroundImage: item.thumbnailUrl ? `url("${item.thumbnailUrl}")` : undefined }}
          />
          {text && showsText && <Words text={text} sought={sought} />}
        </div>
      </div>
      <div className={styles['tools']} role="group" aria-label="View">
        <ZoomButtons zoom={zoom} fit={fit} isDisabled={size === undefined} onZoom={setZoom} />
        {text && (
          <Button tone="quiet" aria-pressed={showsText} onPress={() => setShowsText(!showsText)}>
            <ScanText size={18} aria-hidden /> {showsText ? 'Hide text' : 'Show text'}
          </Button>
        )}
      </div>
    </div>
  )
}

function pictureStyle(zoom: Zoom, size: Size | undefined): { width: string; height: string } {
  if (zoom === 'fit' || size === undefined) return { width: '100%', height: '100%' }
  const scale = zoom / devicePixelRatio
  return { width: `${size.width * scale}px`, height: `${size.height * scale}px` }
}

function ZoomButtons({
  zoom,
  fit,
  isDisabled,
  onZoom,
}: {
  readonly zoom: Zoom
  readonly fit: number
  readonly isDisabled: boolean
  readonly onZoom: (zoom: Zoom) => void
}): ReactNode {
  const smaller = zoomed(zoom, -1, fit)
  const larger = zoomed(zoom, 1, fit)
  return (
    <>
      <Button
        tone="quiet"
        aria-label="Smaller"
        isDisabled={isDisabled || smaller === undefined}
        onPress={() => onZoom(smaller!)}
      >
        <Minus size={18} aria-hidden />
      </Button>
      <span aria-live="polite">{zoomWords(zoom)}</span>
      <Button
        tone="quiet"
        aria-label="Larger"
        isDisabled={isDisabled || larger === undefined}
        onPress={() => onZoom(larger!)}
      >
        <Plus size={18} aria-hidden />
      </Button>
      <Button tone="quiet" isDisabled={isDisabled} onPress={() => onZoom(zoom === 1 ? 'fit' : 1)}>
        {zoom === 1 ? 'Fit' : '1:1'}
      </Button>
    </>
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

/** The author's own words, else an analyser's. */
function altOf(item: MediaDetail): string {
  if (item.altText) return item.altText
  for (const { result } of item.analyses) {
    const alt = (result as { altText?: unknown; caption?: unknown } | null)?.altText
    if (typeof alt === 'string' && alt !== '') return alt
  }
  return describeMedia(item)
}
