import { ViewerDocument } from '@mediakeep/client'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Choices, Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { errorMessage } from './error-message.ts'
import { openClient } from './open-client.ts'
import { writeToken } from './token.ts'
import { allows } from './viewer.ts'

/** Asks for a token, and accepts only one that the server accepts. */
export function TokenDialog({
  reason,
  onClose,
}: {
  /** Why the current token does not work. */
  readonly reason: string | undefined
  readonly onClose: () => void
}): ReactNode {
  const [token, setToken] = useState('')
  const [isKept, setKept] = useState(false)
  const [isChecking, setChecking] = useState(false)
  const [problem, setProblem] = useState(reason)
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault()
    const typed = token.trim()
    if (typed === '' || isChecking) return
    setChecking(true)
    const found = await problemOf(typed)
    setChecking(false)
    setProblem(found)
    if (found !== undefined) return
    writeToken(typed, isKept)
    onClose()
  }
  return (
    <Dialog title="Sign in" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {problem && <p role="alert">{problem}</p>}
        <p>
          This server needs a token. An operator makes one with{' '}
          <code>mediakeep token create --name you --scopes read</code>.
        </p>
        <Field label="API token" type="password" value={token} onChange={setToken} autoFocus />
        <Checkbox label="Keep me signed in on this browser" isSelected={isKept} onChange={setKept} />
        <Choices>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" isDisabled={isChecking || token.trim() === ''}>
            {isChecking ? 'Checking …' : 'Sign in'}
          </Button>
        </Choices>
      </form>
    </Dialog>
  )
}

/** @returns why the console cannot use this token, or undefined if it can */
async function problemOf(token: string): Promise<string | undefined> {
  try {
    const { viewer } = await openClient(token).query(ViewerDocument, {})
    if (allows(viewer, 'read') || allows(viewer, 'import')) return undefined
    return `The token “${viewer.name}” allows ${viewer.scopes.join(', ')} only. The console needs the scope read.`
  } catch (error) {
    return errorMessage(error).words
  }
}
