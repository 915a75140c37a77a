/**
 * Processes several items at once and returns the results in order. After a failure it starts nothing new and
 * rejects when all running work has ended.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const entries = items.entries()
  const failures: unknown[] = []
  const worker = async (): Promise<void> => {
    for (const [n, item] of entries) {
      if (failures.length > 0) return
      try {
        results[n] = await work(item)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
  return results
}
