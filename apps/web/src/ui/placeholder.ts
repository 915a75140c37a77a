import { useEffect, useState } from 'react'
import { thumbHashToDataURL } from 'thumbhash'

/** With less time than this left in a frame, drawing waits for the next. */
const LEAST_MS = 3

const drawn = new Map<string, string>()
const waiting = new Map<string, Set<() => void>>()

/**
 * Returns the blurred picture in a thumbhash (base64) as a CSS image. Drawing takes milliseconds, so it happens when
 * the browser is idle: a screen of them at once would delay the pictures themselves.
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

/** @returns a function that cancels the request */
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
  // Safari has no `requestIdleCallback`.
  if (typeof requestIdleCallback === 'undefined') setTimeout(() => act(() => false), 0)
  else requestIdleCallback((deadline) => act(() => deadline.timeRemaining() > LEAST_MS), { timeout: 200 })
}
