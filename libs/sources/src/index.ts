import type { SourceFormat } from '@mediakeep/plugin-api'
import { blueskyFeed } from './bluesky-feed/format.ts'
import { blueskyRepo } from './bluesky-repo/format.ts'
import { sourceFormat as facebookExport } from './facebook-export/format.ts'
import { sourceFormat as galleryDl } from './gallery-dl/format.ts'
import { sourceFormat as instagramApify } from './instagram-apify/format.ts'
import { sourceFormat as instagramExport } from './instagram-export/format.ts'
import { sourceFormat as instagramWeb } from './instagram-web/format.ts'
import { sourceFormat as instaloader } from './instaloader/format.ts'
import { sourceFormat as linkedinExport } from './linkedin-export/format.ts'
import { sourceFormat as linkedIn } from './linkedin/source-format.ts'
import { mastodonApi } from './mastodon-api/format.ts'
import { mastodonArchive } from './mastodon-archive/format.ts'
import { sourceFormat as messenger } from './messenger/format.ts'
import { reddit } from './reddit/format.ts'
import { telegram } from './telegram/format.ts'
import { sourceFormat as threads } from './threads/format.ts'
import { sourceFormat as tiktokExport } from './tiktok-export/format.ts'
import { sourceFormat as tiktokWeb } from './tiktok-web/format.ts'
import { whatsapp } from './whatsapp/format.ts'
import { xApi } from './x-api/format.ts'
import { xArchive } from './x-archive/format.ts'
import { xTwscrape } from './x-twscrape/format.ts'
import { xWeb } from './x-web/format.ts'
import { sourceFormat as ytDlp } from './yt-dlp/format.ts'
import { sourceFormat as zeeschuimer } from './zeeschuimer/format.ts'

export { decodeRepository, type RepositoryRecord } from './bluesky-repo/decode-repository.ts'
export { RepositoryError } from './bluesky-repo/repository-error.ts'

/** The formats that Mediakeep itself can read, each in a folder of its own. */
export const sourceFormats: readonly SourceFormat[] = [
  blueskyFeed,
  blueskyRepo,
  linkedIn,
  mastodonApi,
  mastodonArchive,
  reddit,
  telegram,
  whatsapp,
  xApi,
  xArchive,
  xTwscrape,
  xWeb,
  instagramExport,
  facebookExport,
  messenger,
  instagramWeb,
  instagramApify,
  instaloader,
  threads,
  tiktokWeb,
  tiktokExport,
  linkedinExport,
  ytDlp,
  galleryDl,
  zeeschuimer,
]

/** Formats that are used only when they are asked for by name. */
export { filesFormat } from './files/format.ts'
export { tableFormat } from './table/format.ts'
export { InvalidMappingError } from './table/mapping.ts'
