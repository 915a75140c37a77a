interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The input has the right type but an unacceptable value: too many ids, an empty reason. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError'
  readonly code = 'invalid_input'
  readonly issues: readonly { readonly message: string; readonly path: string }[]

  constructor(issues: readonly Issue[]) {
    super(issues.map((issue) => issue.message).join('; '))
    this.issues = issues.map(({ message, path = [] }) => ({
      message,
      path: path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
    }))
  }
}
