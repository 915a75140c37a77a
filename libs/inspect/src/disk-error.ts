/** Returns true if reading failed (EIO, EMFILE, ENOENT …), which says nothing about the bytes. */
export function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
