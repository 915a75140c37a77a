import type { SourceFormat } from '@mediakeep/plugin-api'
import { sourceFormat as linkedIn } from './linkedin/source-format.ts'

/** The formats that Mediakeep itself can read, each in a folder of its own. */
export const sourceFormats: readonly SourceFormat[] = [linkedIn]
