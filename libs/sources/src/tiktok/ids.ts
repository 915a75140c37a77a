import { timeInId } from '../times.ts'

/** Returns the time in a TikTok id, whose upper 32 bits are seconds; to the second, in milliseconds. */
export function timeOfTikTokId(id: string): number | undefined {
  if (!/^\d{15,20}$/.test(id)) return undefined
  return timeInId(String((BigInt(id) >> 32n) * 1000n), 0n)
}

/** Returns the id in a link to a post: `/@ada/video/7…`, `/share/video/7…/`, `/photo/7…`. */
export function idInTikTokLink(link: string): string | undefined {
  return /^https?:\/\/(?:[\w-]+\.)?tiktokv?\.com\/(?:[^?#]*\/)?(?:video|photo)\/(\d{15,20})(?:[/?#]|$)/i.exec(
    link,
  )?.[1]
}
