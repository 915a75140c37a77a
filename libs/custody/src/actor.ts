import { readFileSync } from 'node:fs'

/** Who did it: a program, or the owner of an API token. */
export type CustodyActor =
  { readonly process: string; readonly version: string } | { readonly token: string; readonly name?: string }

let program: CustodyActor | undefined

/** This program, for what it does on its own. */
export function programActor(): CustodyActor {
  program ??= { process: 'mediakeep', version: readVersion() }
  return program
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
