// A separate process with a busy sandbox: the test kills it, or waits for it to end by itself.
import { chooseIsolation, type Rung } from './isolation.ts'
import { createSandbox } from './sandbox.ts'

const module = new URL('./jobs.fixture.ts', import.meta.url)
const isolation = await chooseIsolation((process.argv[3] ?? 'none') as Rung, [])
const limits = { timeoutMs: 600_000, maxMemoryBytes: 512 * 1024 ** 2 }
const sandbox = createSandbox({ module, size: 2, ...limits, isolation })
const pids = await Promise.all([sandbox.run({ do: 'pid' }), sandbox.run({ do: 'pid' })])
console.log(JSON.stringify(pids)) // eslint-disable-line no-console
if (process.argv[2] === 'closed') {
  await sandbox.close()
  console.log('closed') // eslint-disable-line no-console
}
if (process.argv[2] === 'busy') {
  await Promise.all([sandbox.run({ do: 'loop' }), sandbox.run({ do: 'never' })])
}
