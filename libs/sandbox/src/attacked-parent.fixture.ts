// A process with a secret in its environment; its sandbox runs attacks.
import type { Attack } from './attack.fixture.ts'
import { chooseIsolation, type Rung } from './isolation.ts'
import { createSandbox } from './sandbox.ts'

interface Order {
  readonly rung: Rung
  readonly readable: readonly string[]
  readonly attack: Attack
}

process.once('message', ({ rung, readable, attack }: Order) => void attackAt(rung, readable, attack))

async function attackAt(rung: Rung, readable: readonly string[], attack: Attack): Promise<void> {
  const isolation = await chooseIsolation(rung, readable)
  const module = new URL('./attack.fixture.ts', import.meta.url)
  const limits = { timeoutMs: 30_000, maxMemoryBytes: 256 * 1024 ** 2 }
  const sandbox = createSandbox({ module, size: 1, ...limits, isolation })
  process.send!(await sandbox.run(attack))
  await sandbox.close()
}
