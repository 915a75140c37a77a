import { ContainerError, type RefusedMember } from './container.ts'

const LISTED = 1000

/** The members that are not read: all are counted, the first ones are listed. */
export class Refusals {
  readonly listed: RefusedMember[] = []
  count = 0
  readonly #byPath = new Map<string, RefusedMember>()

  /** @throws the error unless it is a ContainerError */
  add(path: string, error: unknown): void {
    if (!(error instanceof ContainerError)) throw error
    this.count++
    if (this.listed.length >= LISTED) return
    const shown = path.slice(0, 1000).replaceAll('\0', '').toWellFormed()
    const refused = { path: shown, code: error.code, reason: error.message }
    this.listed.push(refused)
    if (!this.#byPath.has(shown)) this.#byPath.set(shown, refused)
  }

  /** The first refusal of this path among those listed. */
  of(path: string): RefusedMember | undefined {
    return this.#byPath.get(path)
  }
}
