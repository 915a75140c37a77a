const ASSIGNMENT = /^\ufeff?\s*[\w$.[\]'"\s]+=\s*(?=[[{"])/

/** Where the JSON begins in `window.YTD.tweets.part0 = [...]`; 0 for plain JSON. */
export function javascriptStart(head: Buffer): number {
  const found = ASSIGNMENT.exec(head.subarray(0, 1024).toString('latin1'))
  return found ? found[0].length : 0
}

/** Leaves out the assignment before the JSON. */
export async function* withoutAssignment(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  let isFirst = true
  for await (const chunk of chunks) {
    yield isFirst ? chunk.subarray(javascriptStart(chunk)) : chunk
    isFirst = false
  }
}
