import { useEffect, useState } from 'react'

/** After so long without a key, what was typed holds. */
const TYPED_MS = 300

/** What stands in a field, and is told once whoever types pauses. */
export function useTyped(
  value: string,
  onChange: (value: string) => void,
): readonly [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    // What was told comes back without the space that the next word is typed behind.
    if (typed.trim() !== value) setTyped(value)
  }
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => onChange(typed.trim()), TYPED_MS)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return [typed, setTyped]
}
