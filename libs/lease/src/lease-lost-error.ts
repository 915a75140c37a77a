/** Another process holds the row now, or its lease ended: stop, and write nothing. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
  readonly code = 'lease_lost'
  readonly id: string

  constructor(id: string) {
    super(`The lease on ${id} is not held: it has expired, was ended or never existed. Nothing was written`)
    this.id = id
  }
}
