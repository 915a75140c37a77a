/** Tracks hosts that get no lane of this process for now. */
export interface HostBackoff {
  /** Call when the host asked for a pause. */
  hold(host: string, seconds: number): void
  isHeld(host: string): boolean
  /** Call when the host had no claimable rows after all: other processes were quicker. */
  idle(host: string): void
  /** True while it is held or idle. */
  isResting(host: string): boolean
  /** Allows idle hosts to be tried again. */
  wake(): void
}

const IDLE_MS = 1_000

export function hostBackoff(): HostBackoff {
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
