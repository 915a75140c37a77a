/** What a credential may be good for; `admin` is good for everything, none of the others implies another. */
export const SCOPES = ['read', 'import', 'analyze', 'operate', 'admin'] as const

export type Scope = (typeof SCOPES)[number]

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text)
}

/** Whether any of `needed` is held. Nothing needed means nobody may: what has no scope is denied. */
export function allows(held: ReadonlySet<Scope>, needed: readonly Scope[]): boolean {
  return needed.length > 0 && (held.has('admin') || needed.some((scope) => held.has(scope)))
}
