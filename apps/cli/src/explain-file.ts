import { userInfo } from 'node:os'

/** Explains file system error codes, and how to proceed. */
const REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `${path} does not exist. Check the path.`,
  ENOTDIR: (path) => `${path} is not a folder. Name a folder.`,
  EISDIR: (path) => `${path} is a folder. Name a file.`,
  EACCES: notPermitted,
  EPERM: notPermitted,
  EROFS: (path) => `${path} is on a read-only file system. Choose another folder, or mount it for writing.`,
  ENOSPC: (path) => `The disk that holds ${path} is full. Free some space and run the command again.`,
  EMFILE: (path) => `${path} cannot be opened: too many files are open. Raise the limit (ulimit -n).`,
}

function notPermitted(path: string): string {
  return `${userInfo().username} may not use ${path}. Change its permissions, or run as its owner.`
}

/** @returns undefined if the error does not come from the file system */
export function explainFile(error: Error): string | undefined {
  const { code, path } = error as NodeJS.ErrnoException
  return code === undefined || path === undefined ? undefined : REASONS[code]?.(path)
}
