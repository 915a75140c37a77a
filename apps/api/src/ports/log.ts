/** Where the server says what happened. */
export interface Log {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** Where failures are written. */
export interface ErrorLog {
  error(details: object, message: string): void
}
