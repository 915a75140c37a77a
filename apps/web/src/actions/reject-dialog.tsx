import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { Button } from '../ui/button.tsx'
import { Choices, Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

/** Asks for the reason; without one, nothing is rejected. */
export function RejectDialog({
  items,
  onClose,
  onReject,
}: {
  /** `3 items` */
  readonly items: string
  readonly onClose: () => void
  readonly onReject: (reason: string) => void
}): ReactNode {
  const [reason, setReason] = useState('')
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (reason.trim() === '') return
    onReject(reason.trim().slice(0, 500))
    onClose()
  }
  return (
    <Dialog title={`Reject ${items}`} onClose={onClose}>
      <form onSubmit={submit}>
        <p>
          The files are rejected wherever they appear: they move to quarantine, and are no longer shown,
          archived or analysed. Posts and their references stay. You can take it back.
        </p>
        <Field label="Reason" value={reason} onChange={setReason} autoFocus />
        <Choices>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" isDisabled={reason.trim() === ''}>
            Reject {items}
          </Button>
        </Choices>
      </form>
    </Dialog>
  )
}
