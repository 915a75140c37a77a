import { useEffect, useState } from 'react'
import { thumbHashToDataURL } from 'thumbhash'

/** What is left of a frame when it is better to wait for the next. */
const LEAST_MS = 3

const drawn = new Map<string, string>()
const waiting = new Map<string, Set<() => void>>()

/**
 * The blurred picture that a thumbhash (base64) holds, as a CSS image. It takes milliseconds to draw, so that it is
 * drawn when there is nothing else to do: a screen of them at once would hold up the pictures themselves.
 */
export function usePlaceholder(thumbhash: string | null | undefined): string | undefined {
  const [, redraw] = useState(0)
  const known = thumbhash ? drawn.get(thumbhash) : undefined
  useEffect(() => {
    if (!thumbhash || drawn.has(thumbhash)) return
    return whenDrawn(thumbhash, () => redraw((count) => count + 1))
  }, [thumbhash])
  return known
}

/** @returns no longer wants it */
function whenDrawn(thumbhash: string, onDrawn: () => void): () => void {
  if (waiting.size === 0) whenIdle(drawSome)
  const listeners = waiting.get(thumbhash) ?? new Set()
  waiting.set(thumbhash, listeners.add(onDrawn))
  return () => {
    listeners.delete(onDrawn)
    if (listeners.size === 0) waiting.delete(thumbhash)
  }
}

function drawSome(hasTime: () => boolean): void {
  for (const [thumbhash, listeners] of waiting) {
    waiting.delete(thumbhash)
    if (drawn.size > 2_000) drawn.clear()
    drawn.set(thumbhash, draw(thumbhash))
    for (const listener of listeners) listener()
    if (!hasTime()) break
  }
  if (waiting.size > 0) whenIdle(drawSome)
}

function draw(thumbhash: string): string {
  return `url(${thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0)))})`
}

function whenIdle(act: (hasTime: () => boolean) => void): void {
  // Safari has none.
  if (typeof requestIdleCallback === 'undefined') setTimeout(() => act(() => false), 0)
  else requestIdleCallback((deadline) => act(() => deadline.timeRemaining() > LEAST_MS), { timeout: 200 })
}
