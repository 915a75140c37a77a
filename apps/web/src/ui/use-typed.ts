import { useEffect, useState } from 'react'

/** Typed text is applied after this long without a key press. */
const TYPED_MS = 300

/** Holds the text of a field, and reports it once the user pauses typing. */
export function useTyped(
  value: string,
  onChange: (value: string) => void,
): readonly [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    // The reported text comes back without the trailing space that precedes the next word.
    if (typed.trim() !== value) setTyped(value)
  }
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => onChange(typed.trim()), TYPED_MS)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return [typed, setTyped]
}
