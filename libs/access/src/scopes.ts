/** Scopes of a credential. `admin` allows everything; none of the others implies another. */
export const SCOPES = ['read', 'import', 'analyze', 'operate', 'admin'] as const

export type Scope = (typeof SCOPES)[number]

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text)
}

/** True if any of `needed` is held. If nothing is needed, access is denied: an operation without scopes is closed. */
export function allows(held: ReadonlySet<Scope>, needed: readonly Scope[]): boolean {
  return needed.length > 0 && (held.has('admin') || needed.some((scope) => held.has(scope)))
}
