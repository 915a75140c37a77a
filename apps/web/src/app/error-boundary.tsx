import { Component, useEffect, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { isLoadFailure, reloadOnceServed } from './load-failures.ts'

interface Props {
  readonly children: ReactNode
  /** A new value, such as the address of another view, tries again. */
  readonly resetKey?: string
}

interface State {
  readonly error: unknown
  readonly hasFailed: boolean
  readonly resetKey: string | undefined
}

/** Shows an error and a way out when a view cannot be drawn, instead of an empty page. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined, hasFailed: false, resetKey: this.props.resetKey }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error, hasFailed: true }
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State): Partial<State> | null {
    return resetKey === state.resetKey ? null : { error: undefined, hasFailed: false, resetKey }
  }

  override render(): ReactNode {
    const { error, hasFailed } = this.state
    if (!hasFailed) return this.props.children
    return isLoadFailure(error) ? <LoadFailure /> : <Crash error={error} />
  }
}

function LoadFailure(): ReactNode {
  useEffect(() => {
    const unmounted = new AbortController()
    void reloadOnceServed(unmounted.signal)
    return () => unmounted.abort()
  }, [])
  return (
    <Notice isPage title="This view could not be loaded" tone="bad">
      <p>The server cannot be reached, or it was updated while this page was open.</p>
      <ReloadButton />
    </Notice>
  )
}

function Crash({ error }: { readonly error: unknown }): ReactNode {
  return (
    <Notice isPage title="This view failed" tone="bad">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <ReloadButton />
    </Notice>
  )
}

function ReloadButton(): ReactNode {
  return (
    <Button tone="primary" onPress={() => location.reload()}>
      Reload
    </Button>
  )
}
