import { LogOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { forgetToken, useToken } from './token.ts'
import { useViewer } from './viewer.ts'

/** Discards the token; hidden if none is in use. */
export function SignOutButton(): ReactNode {
  const token = useToken()
  const viewer = useViewer()
  if (token === undefined) return null
  return (
    <Button
      tone="quiet"
      aria-label={viewer ? `Sign out (signed in as ${viewer.name})` : 'Sign out'}
      onPress={forgetToken}
    >
      <LogOut size={18} aria-hidden />
    </Button>
  )
}
