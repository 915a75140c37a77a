/** Files sorted by path, found by binary search: a map of a million paths would take twice the memory. */
export class SortedMembers<Entry extends { readonly path: string }> {
  readonly entries: readonly Entry[]

  /** @param entries sorted here, in place; without duplicates */
  constructor(entries: Entry[]) {
    this.entries = entries.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0))
  }

  indexOf(path: string): number | undefined {
    const index = this.#firstFrom(path)
    return this.entries[index]?.path === path ? index : undefined
  }

  find(path: string): Entry | undefined {
    const index = this.indexOf(path)
    return index === undefined ? undefined : this.entries[index]
  }

  beside(folder: string, prefix: string): string[] {
    const start = folder + prefix
    const paths: string[] = []
    for (let at = this.#firstFrom(start); this.entries[at]?.path.startsWith(start); at++) {
      const { path } = this.entries[at]!
      if (!path.slice(folder.length).includes('/')) paths.push(path)
    }
    return paths
  }

  #firstFrom(path: string): number {
    let [low, high] = [0, this.entries.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.entries[middle]!.path < path) low = middle + 1
      else high = middle
    }
    return low
  }
}
