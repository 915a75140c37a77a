import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { ContainerError, type Container, type Member } from './container.ts'
import { isHidden } from './member-path.ts'
import { Refusals } from './refusals.ts'
import { SortedMembers } from './sorted-members.ts'

interface FolderEntry {
  readonly path: string
  readonly byteSize: number
  readonly modifiedAt: number
}

/** Every file in a folder and below. Follows symbolic links within it; refuses those that lead out. */
export async function openFolder(path: string): Promise<Container> {
  const search: Search = {
    root: await realpath(path),
    seen: new Set(),
    files: new Map(),
    refusals: new Refusals(),
  }
  await searchFolder('', search)
  const members = new SortedMembers([...search.files.values()])
  const toMember = (entry: FolderEntry, order: number): Member => ({
    path: entry.path,
    byteSize: entry.byteSize,
    order,
    modifiedAt: Math.floor(entry.modifiedAt),
    open: (signal) => createReadStream(join(path, entry.path), signal && { signal }),
  })
  return {
    kind: 'folder',
    path,
    byteSize: members.entries.reduce((sum, entry) => sum + entry.byteSize, 0),
    modifiedAt: 0,
    memberCount: members.entries.length,
    refused: search.refusals.listed,
    refusedCount: search.refusals.count,
    member: (index) => toMember(members.entries[index]!, index),
    find: (wanted) => {
      const index = members.indexOf(wanted)
      return index === undefined ? undefined : toMember(members.entries[index]!, index)
    },
    has: (wanted) => members.indexOf(wanted) !== undefined,
    refusal: (wanted) => (members.find(wanted) ? undefined : search.refusals.of(wanted)),
    beside: (folder, prefix) => members.beside(folder, prefix),
    digest: () => Promise.resolve(digestOf(members.entries)),
    close: () => Promise.resolve(),
  }
}

function digestOf(entries: readonly FolderEntry[]): string {
  const hash = createHash('sha256')
  for (const { path, byteSize, modifiedAt } of entries) hash.update(`${path}\0${byteSize}\0${modifiedAt}\n`)
  return hash.digest('hex')
}

interface Search {
  readonly root: string
  /** Real paths of folders: a link may lead back to a folder already searched. */
  readonly seen: Set<string>
  /** By real path: a file and a link to it count as one. */
  readonly files: Map<string, FolderEntry>
  readonly refusals: Refusals
}

async function searchFolder(folder: string, search: Search): Promise<void> {
  const real = await realpath(join(search.root, folder))
  if (search.seen.has(real)) return
  search.seen.add(real)
  const entries = await readdir(real, { withFileTypes: true })
  // Links last, so that a file is listed by its own name and not by a link to it.
  const ordered = entries.sort((one, other) => Number(one.isSymbolicLink()) - Number(other.isSymbolicLink()))
  for (const entry of ordered) {
    if (isHidden(entry.name)) continue
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    const target = entry.isSymbolicLink() ? await targetOf(path, search) : join(real, entry.name)
    if (target === undefined) continue
    if (entry.isDirectory()) await searchFolder(path, search)
    else await addFile(path, target, search)
  }
}

async function addFile(path: string, target: string, search: Search): Promise<void> {
  const stats = await stat(target)
  if (stats.isDirectory()) await searchFolder(path, search)
  else if (stats.isFile() && !search.files.has(target)) {
    search.files.set(target, { path, byteSize: stats.size, modifiedAt: stats.mtimeMs })
  }
}

/** @returns undefined for a link that is not followed */
async function targetOf(path: string, { root, refusals }: Search): Promise<string | undefined> {
  const target = await realpath(join(root, path)).catch(() => undefined)
  if (target !== undefined && isWithin(root, target)) return target
  refusals.add(
    path,
    new ContainerError('symbolic_link', 'it is a link that leads out of the folder, or nowhere'),
  )
  return undefined
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`)
}
