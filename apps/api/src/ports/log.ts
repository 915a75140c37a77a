/** The server's log. */
export interface Log {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** A log for failures. */
export interface ErrorLog {
  error(details: object, message: string): void
}
