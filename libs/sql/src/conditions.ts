/** Binds a value to the statement being built. @returns its placeholder: `$3` */
export type Bind = (value: unknown) => string

/** Conditions of a WHERE clause; each may bind parameters. */
export type Conditions = (bind: Bind) => string[]

/** Numbers the parameters of one statement. */
export function parameters(): { readonly values: unknown[]; readonly bind: Bind } {
  const values: unknown[] = []
  return { values, bind: (value) => `$${values.push(value)}` }
}
