/**
 * Lets a process continue, and stop in order, when nobody reads its output any more: the reader of a pipe has ended, or
 * the terminal was closed.
 */
export function tolerateClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
