/** Which hosts get no lane of this process for now. */
export interface HostRest {
  /** The host asked to be left alone. */
  hold(host: string, seconds: number): void
  isHeld(host: string): boolean
  /** The host had nothing that could be claimed, though it seemed so: others were quicker. */
  idle(host: string): void
  /** Whether it is held or idle. */
  isResting(host: string): boolean
  /** Looks again at idle hosts. */
  wake(): void
}

const IDLE_MS = 1_000

export function hostRest(): HostRest {
  const heldUntil = new Map<string, number>()
  const idleUntil = new Map<string, number>()
  const isIn = (untils: Map<string, number>, host: string): boolean =>
    (untils.get(host) ?? -Infinity) > performance.now()
  return {
    hold: (host, seconds) => void heldUntil.set(host, performance.now() + seconds * 1000),
    isHeld: (host) => isIn(heldUntil, host),
    idle: (host) => void idleUntil.set(host, performance.now() + IDLE_MS),
    isResting: (host) => isIn(heldUntil, host) || isIn(idleUntil, host),
    wake: () => idleUntil.clear(),
  }
}
