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
    const placed = issues.map(({ message, path = [] }) => ({
      message,
      path: path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
    }))
    super(placed.map(sentence).join('; '))
    this.issues = placed
  }
}

/** The table of messages leaves out the subject: `must not be empty`. A message of its own is a whole sentence. */
function sentence({ message, path }: { readonly message: string; readonly path: string }): string {
  return /^[a-z]/.test(message) && path !== '' ? `"${path}" ${message}` : message
}
