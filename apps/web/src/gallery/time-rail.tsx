import type { ReactNode } from 'react'
import { monthName } from '../ui/words.ts'
import type { Layout } from './layout.ts'
import styles from './time-rail.module.css'

/** Maximum number of marks; with more months, only every n-th month has one. */
const MARKS = 28

/** Lists months from top to bottom in gallery order; a press jumps there. Keeps its space while they are counted. */
export function TimeRail({
  layout,
  isCounted,
  top,
  onJump,
}: {
  readonly layout: Layout
  readonly isCounted: boolean
  readonly top: number
  readonly onJump: (top: number) => void
}): ReactNode {
  const { sections, height } = layout
  if (!isCounted) return <div className={styles['rail']} />
  const every = Math.ceil(sections.length / MARKS)
  const here = sections.findLast((section) => section.top <= top + 1)
  return (
    <nav className={styles['rail']} aria-label="Months">
      <ol>
        {sections.map((section, n) => {
          const isHere = section === here
          if (n % every > 0 && !isHere) return null
          return (
            <li key={section.month} style={{ top: `${(section.top / height) * 100}%` }}>
              <button
                type="button"
                aria-label={`${section.month}, jump to ${monthName(section.month)}`}
                aria-current={isHere ? 'true' : undefined}
                onClick={() => onJump(section.top)}
              >
                {section.month}
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
