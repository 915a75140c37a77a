import type { Received, TabBus } from './tab-bus.ts'

/** A leader that is silent for this long has hung or crashed: another tab takes over. */
const SILENT_MS = 6_000
/** Wait for an answer before a tab leads, in milliseconds. */
const ANSWER_MS = 400

interface Leadership {
  /** Aborts when another tab has taken over. */
  readonly lost: AbortSignal
  readonly release: () => void
}

/**
 * Runs `lead` in one tab at a time, and in another one when that tab closes, is hidden, crashes or hangs. Uses the
 * browser's Web Locks where they exist. On plain http other than localhost they do not, and the tabs agree by
 * messages: two may lead for a moment then, until one hears the other.
 *
 * @param lead returns only when its signal aborts
 * @param signal withdraws this tab from the election
 */
export async function electLeader(
  name: string,
  bus: TabBus,
  lead: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { locks } = navigator as Partial<Navigator>
  while (!signal.aborted) {
    const leadership = locks ? await waitForLock(locks, name, bus, signal) : await waitByMessages(bus, signal)
    if (!leadership) continue
    await lead(AbortSignal.any([signal, leadership.lost]))
    leadership.release()
  }
}

async function waitForLock(
  locks: LockManager,
  name: string,
  bus: TabBus,
  signal: AbortSignal,
): Promise<Leadership | undefined> {
  const waiting = new AbortController()
  const isWaiting = AbortSignal.any([signal, waiting.signal])
  const silence = leaderIsSilent(bus, isWaiting).finally(() => waiting.abort())
  const granted = await requestLock(locks, name, { signal: isWaiting })
  waiting.abort()
  return granted ?? ((await silence) ? requestLock(locks, name, { steal: true }) : undefined)
}

/** @returns undefined when the request was aborted */
function requestLock(
  locks: LockManager,
  name: string,
  options: LockOptions,
): Promise<Leadership | undefined> {
  return new Promise((resolve) => {
    const lost = new AbortController()
    const hold = (): Promise<void> =>
      new Promise((release) => resolve({ lost: lost.signal, release: () => release() }))
    locks.request(name, options, hold).catch(() => {
      // Aborted while it waited, or stolen while it was held.
      lost.abort()
      resolve(undefined)
    })
  })
}

async function waitByMessages(bus: TabBus, signal: AbortSignal): Promise<Leadership | undefined> {
  for (;;) {
    bus.post({ kind: 'claim' })
    const objection = await objectionToClaim(bus, signal)
    if (signal.aborted) return undefined
    if (!objection) return leadByMessages(bus)
    const following = new AbortController()
    const isFollowing = AbortSignal.any([signal, following.signal])
    await Promise.race([
      leaderIsSilent(bus, isFollowing),
      bus.next(({ kind }) => kind === 'bye', isFollowing),
    ])
    following.abort()
  }
}

/** Returns a leader's answer or a claim by a tab with a lower id. Repeats this tab's claim to tabs with higher ids. */
async function objectionToClaim(bus: TabBus, signal: AbortSignal): Promise<Received | undefined> {
  const stopInsisting = bus.listen(({ kind, from }) => {
    if (kind === 'claim' && from > bus.id) bus.post({ kind: 'claim' })
  })
  const objection = await bus.next(
    (message) => isFromLeader(message) || (message.kind === 'claim' && message.from < bus.id),
    signal,
    ANSWER_MS,
  )
  stopInsisting()
  return objection
}

function leadByMessages(bus: TabBus): Leadership {
  const lost = new AbortController()
  const stopListening = bus.listen((message) => {
    if (isFromLeader(message) && message.from < bus.id) lost.abort()
  })
  return {
    lost: lost.signal,
    release() {
      stopListening()
      bus.post({ kind: 'bye' })
    },
  }
}

/** Resolves to true when no leader is heard and none answers; to false when the signal aborts. */
async function leaderIsSilent(bus: TabBus, signal: AbortSignal): Promise<boolean> {
  const isOver = (): boolean => signal.aborted
  while (!isOver()) {
    if (await bus.next(isFromLeader, signal, SILENT_MS)) continue
    // This tab may be the one that hung, with messages still to arrive: ask first.
    bus.post({ kind: 'hello' })
    const answer = await bus.next(isFromLeader, signal, ANSWER_MS)
    if (!answer && !isOver()) return true
  }
  return false
}

function isFromLeader({ kind }: Received): boolean {
  return kind === 'beat' || kind === 'change'
}
