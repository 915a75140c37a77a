import { Archive, ArchiveRestore, Ban, Download, RefreshCw, ScanEye, ShieldCheck } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { countWords } from '../ui/words.ts'
import styles from './action-buttons.module.css'
import { analyseAgain, archive, fetchAgain, reject, restore, verify } from './actions.ts'
import { RejectDialog } from './reject-dialog.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { saveFiles } from './save-files.ts'
import type { MediaActions } from './use-media-actions.ts'

/** What can be done with these media. */
export function ActionButtons({
  mediaIds,
  actions,
}: {
  readonly mediaIds: readonly string[]
  readonly actions: MediaActions
}): ReactNode {
  const [isRejecting, setRejecting] = useState(false)
  const isBusy = actions.progress !== undefined
  const items = countWords(mediaIds.length, 'item')
  const choices = [
    { label: 'Archive', icon: Archive, onPress: () => actions.start(archive, mediaIds) },
    { label: 'Verify', icon: ShieldCheck, onPress: () => actions.start(verify, mediaIds) },
    {
      label: 'Analyse again',
      icon: ScanEye,
      onPress: () => actions.startLater(`Analysing ${items} again …`, analyseAgain, mediaIds),
    },
    { label: 'Restore', icon: ArchiveRestore, onPress: () => actions.start(restore, mediaIds) },
    { label: 'Fetch again', icon: RefreshCw, onPress: () => actions.start(fetchAgain, mediaIds) },
    { label: 'Download', icon: Download, onPress: () => actions.start(saveFiles, mediaIds) },
    { label: 'Reject …', icon: Ban, onPress: () => setRejecting(true) },
  ]
  return (
    <div className={styles['actions']} role="toolbar" aria-label="Actions">
      {choices.map(({ label, icon: Icon, onPress }) => (
        <Button key={label} tone="quiet" isDisabled={isBusy} onPress={onPress}>
          <Icon size={18} aria-hidden />
          <span className={styles['label']}>{label}</span>
        </Button>
      ))}
      <RejectDialog
        isOpen={isRejecting}
        items={items}
        onClose={() => setRejecting(false)}
        onReject={(reason) => actions.start(reject(reason), mediaIds)}
      />
      <ReportDialog outcome={actions.report} onClose={actions.closeReport} />
    </div>
  )
}
