/**
 * A chunk of the console could not be loaded: the server is stopped, or it was upgraded under an open tab and no longer
 * has the files that this build refers to. Only a reload of the page helps, once the server answers.
 */
const RELOADED_KEY = 'mediakeep-reloaded-at'
/** A second failure this soon after an automatic reload means that reloading does not help. */
const QUIET_MS = 60_000
const POLL_MS = 2_000

const failures = new WeakSet<object>()

/** Vite dispatches an event for each chunk that failed to load, and then throws the same error. */
export function watchLoadFailures(): void {
  addEventListener('vite:preloadError', ({ payload }) => failures.add(payload))
}

export function isLoadFailure(error: unknown): boolean {
  return typeof error === 'object' && error !== null && failures.has(error)
}

/** Reloads the page as soon as the server answers, unless it was just reloaded for the same reason. */
export async function reloadOnceServed(signal: AbortSignal): Promise<void> {
  if (!mayReload()) return
  while (!(await isServed(signal))) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    if (signal.aborted) return
  }
  if (signal.aborted || !noteReload()) return
  location.reload()
}

async function isServed(signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch(location.href, { method: 'HEAD', cache: 'no-store', signal })).ok
  } catch {
    return false
  }
}

function mayReload(): boolean {
  try {
    return Date.now() - Number(sessionStorage.getItem(RELOADED_KEY)) > QUIET_MS
  } catch {
    return false
  }
}

/** @returns false if nothing can be stored: then nothing would stop a reload loop */
function noteReload(): boolean {
  try {
    sessionStorage.setItem(RELOADED_KEY, String(Date.now()))
    return true
  } catch {
    return false
  }
}
