import { ContainerError } from './container.ts'

const MAX_PATH = 4096

/**
 * Returns the path of a member as it is used from here on.
 *
 * @throws ContainerError for a path that would lead out of the container, or cannot be a path
 */
export function memberPath(name: string): string {
  // Some Windows programs write backslashes.
  const path = name.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')
  if (path === '' || path.length > MAX_PATH || path.includes('\0') || !path.isWellFormed()) {
    throw new ContainerError('invalid_name', 'its name is empty, too long, or not a valid text')
  }
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) {
    throw new ContainerError('path_outside', 'its path is absolute')
  }
  const steps = path.split('/')
  if (steps.includes('..')) throw new ContainerError('path_outside', 'its path leads out of the archive')
  if (steps.slice(0, -1).some((step) => step === '' || step === '.')) {
    throw new ContainerError('invalid_name', 'its path has an empty part')
  }
  return path
}

/** True for files that operating systems leave beside others: dot files, and macOS's copies of attributes. */
export function isHidden(path: string): boolean {
  return path.split('/').some((step) => step.startsWith('.') || step === '__MACOSX')
}
