const patterns = new Map<string, RegExp>()

/**
 * Matches a glob with a path or the end of one: an export may be packed with a folder around it.
 *
 * @returns the folder that surrounds the match, with a closing `/` or empty; undefined without a match
 */
export function matchPath(glob: string, path: string): string | undefined {
  const pattern = patternOf(glob)
  for (let start = 0; ;) {
    if (pattern.test(path.slice(start))) return path.slice(0, start)
    const slash = path.indexOf('/', start)
    if (slash < 0) return undefined
    start = slash + 1
  }
}

/** `*` and `?` match within a name, `**` matches any folders. */
function patternOf(glob: string): RegExp {
  let pattern = patterns.get(glob)
  if (!pattern) {
    const source = glob.replace(
      /\*\*\/|\*\*|\*|\?|[\\^$.|+()[\]{}]/g,
      (found) => REPLACED[found] ?? `\\${found}`,
    )
    pattern = new RegExp(`^${source}$`)
    patterns.set(glob, pattern)
  }
  return pattern
}

const REPLACED: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
}
