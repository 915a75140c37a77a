import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Button } from '../ui/button.tsx'
import { Choices, Dialog } from '../ui/dialog.tsx'
import { countWords } from '../ui/words.ts'
import styles from './report-dialog.module.css'
import type { Outcome } from './outcome.ts'

const SHOWN = 100

/** Lists the items that an action failed on, grouped by reason. */
export function ReportDialog({
  outcome,
  onClose,
}: {
  readonly outcome: Outcome
  readonly onClose: () => void
}): ReactNode {
  const byReason = Map.groupBy(outcome.failures, ({ reason }) => reason)
  return (
    <Dialog title={`Not done for ${countWords(outcome.failures.length, 'item')}`} onClose={onClose}>
      <div className={styles['report']} tabIndex={0} role="region" aria-label="Failures">
        {[...byReason].map(([reason, failures]) => (
          <section key={reason}>
            <h3>{reason}</h3>
            <ul>
              {failures.slice(0, SHOWN).map(({ mediaId }) => (
                <li key={mediaId}>
                  <Link href={`/items/${mediaId}`} onClick={onClose}>
                    {mediaId}
                  </Link>
                </li>
              ))}
            </ul>
            {failures.length > SHOWN && <p>and {(failures.length - SHOWN).toLocaleString()} more</p>}
          </section>
        ))}
      </div>
      <Choices>
        <Button tone="primary" onPress={onClose}>
          Close
        </Button>
      </Choices>
    </Dialog>
  )
}
