import type { SourceFormat } from '@mediakeep/plugin-api'
import { sourceFormat as linkedIn } from './linkedin/source-format.ts'
import { xApi } from './x-api/format.ts'
import { xArchive } from './x-archive/format.ts'
import { xTwscrape } from './x-twscrape/format.ts'
import { xWeb } from './x-web/format.ts'

/** The formats that Mediakeep itself can read, each in a folder of its own. */
export const sourceFormats: readonly SourceFormat[] = [linkedIn, xApi, xArchive, xTwscrape, xWeb]
