import { thumbHashToDataURL } from 'thumbhash'

const drawn = new Map<string, string>()

/** The blurred picture that a thumbhash (base64) holds, as a CSS image. */
export function placeholderOf(thumbhash: string | null | undefined): string | undefined {
  if (!thumbhash) return undefined
  const known = drawn.get(thumbhash)
  if (known !== undefined) return known
  if (drawn.size > 2_000) drawn.clear()
  const image = `url(${thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0)))})`
  drawn.set(thumbhash, image)
  return image
}
