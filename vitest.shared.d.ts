import type { AliasOptions } from 'vite'
import type { InlineConfig } from 'vitest/node'

export declare const tests: InlineConfig
export declare const testsWithDatabase: InlineConfig
export declare const oneGraphql: { alias: AliasOptions }
