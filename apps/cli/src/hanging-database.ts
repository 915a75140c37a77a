import { apiSession, connect } from '@mediakeep/postgres'

export interface HangOptions {
  readonly url: string
  readonly signal: AbortSignal
  /** Called when the database does not answer. */
  readonly onHang: (error: Error) => void
}

/** Time for work in progress to end in order, in milliseconds. */
const GRACE_MS = 20_000
const PAUSE_MS = 5_000

/**
 * Some time after the signal, starts to check at intervals whether the database answers. If not, nothing can be given
 * back any more, and waiting is useless: leases expire by themselves.
 */
export function watchDrain({ url, signal, onHang }: HangOptions): void {
  const look = (): void => {
    ask(url).then(
      () => setTimeout(look, PAUSE_MS).unref(),
      (error: unknown) => onHang(error as Error),
    )
  }
  signal.addEventListener('abort', () => setTimeout(look, GRACE_MS).unref(), { once: true })
}

async function ask(url: string): Promise<void> {
  const client = await connect(url, apiSession)
  await client.end()
}
