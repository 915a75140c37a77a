/** Whether reading failed (EIO, EMFILE, ENOENT …): that says nothing of the bytes. */
export function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
