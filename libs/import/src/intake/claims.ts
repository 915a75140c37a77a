import { innerName, type Container, type Member } from '@mediakeep/containers'
import type { FileEncoding, FileRule, SourceFormat } from '@mediakeep/plugin-api'
import { matchPath } from './match-path.ts'

/** A format that may read a member, by the rule that matches its path. */
export interface Claim {
  readonly format: SourceFormat
  readonly rule: FileRule
  /** The folder that the format's paths are relative to: an export may be packed with a folder around it. */
  readonly root: string
}

/** Without `path`, a rule applies to files with the extensions of its encoding. */
const EXTENSIONS: Readonly<Record<FileEncoding, RegExp>> = {
  json: /\.(?:json|ndjson|jsonl)$/i,
  javascript: /\.js$/i,
  csv: /\.[ct]sv$/i,
  text: /\.txt$/i,
  binary: /$^/,
  file: /$^/,
}

export function claimsOn(container: Container, path: string, formats: readonly SourceFormat[]): Claim[] {
  return formats.flatMap((format) =>
    rulesOf(format).flatMap((rule) => {
      const root = rootOf(rule, container, path)
      return root === undefined ? [] : [{ format, rule, root }]
    }),
  )
}

function rulesOf({ files }: SourceFormat): readonly FileRule[] {
  return files ?? [{}]
}

function rootOf(
  { path: glob, encoding = 'json' }: FileRule,
  container: Container,
  path: string,
): string | undefined {
  const isSingle = container.kind === 'file'
  if (glob === undefined) {
    // A file that a person named is read as JSON even if its name does not say so.
    const isNamed = isSingle && encoding === 'json' && !/\.(?:js|csv|tsv|txt|car)$/i.test(path)
    return isNamed || EXTENSIONS[encoding].test(path) ? '' : undefined
  }
  return matchPath(isSingle ? glob.slice(glob.lastIndexOf('/') + 1) : glob, path)
}

/**
 * Returns true when a rule that names its files applies to one of the export's: then it is the archive of a platform,
 * in which files without posts are normal.
 */
export function hasKnownLayout(container: Container, formats: readonly SourceFormat[]): boolean {
  if (container.kind === 'file') return false
  const globs = formats
    .flatMap((format) => rulesOf(format).flatMap(({ path }) => path ?? []))
    .filter(namesFiles)
  for (let index = 0; index < container.memberCount; index++) {
    const path = plainPath(container.member(index))
    if (globs.some((glob) => matchPath(glob, path) !== undefined)) return true
  }
  return false
}

/** False for a glob of wildcards and an extension, which fits files of any export. */
function namesFiles(glob: string): boolean {
  return /[a-z]/i.test(glob.replace(/(?:\.[a-z]+)+$/i, ''))
}

/** The path by which rules know a member: a compressed one counts as the file inside. */
export function plainPath({ path }: Pick<Member, 'path'>): string {
  return innerName(path)
}
