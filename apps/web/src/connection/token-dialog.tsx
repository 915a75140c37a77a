import { useState, type SyntheticEvent, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { writeToken } from './token.ts'

export function TokenDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [token, setToken] = useState('')
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    writeToken(token.trim() || undefined)
    onClose()
  }
  return (
    <Dialog title="This server wants a token" onClose={onClose}>
      <form onSubmit={submit}>
        <p>
          An operator makes one with <code>mediakeep token create --name you --scopes read</code>. It is kept
          in this tab alone.
        </p>
        <Field label="API token" type="password" value={token} onChange={setToken} autoFocus />
        <Button type="submit" tone="primary">
          Use this token
        </Button>
      </form>
    </Dialog>
  )
}
