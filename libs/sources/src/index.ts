import type { SourceFormat } from '@mediakeep/plugin-api'
import { sourceFormat as blueskyFeed } from './bluesky-feed/format.ts'
import { sourceFormat as blueskyRepo } from './bluesky-repo/format.ts'
import { sourceFormat as facebookExport } from './facebook-export/format.ts'
import { sourceFormat as galleryDl } from './gallery-dl/format.ts'
import { sourceFormat as instagramApify } from './instagram-apify/format.ts'
import { sourceFormat as instagramExport } from './instagram-export/format.ts'
import { sourceFormat as instagramWeb } from './instagram-web/format.ts'
import { sourceFormat as instaloader } from './instaloader/format.ts'
import { sourceFormat as linkedinExport } from './linkedin-export/format.ts'
import { sourceFormat as linkedIn } from './linkedin/format.ts'
import { sourceFormat as mastodonApi } from './mastodon-api/format.ts'
import { sourceFormat as mastodonArchive } from './mastodon-archive/format.ts'
import { sourceFormat as messenger } from './messenger/format.ts'
import { sourceFormat as reddit } from './reddit/format.ts'
import { sourceFormat as telegram } from './telegram/format.ts'
import { sourceFormat as threads } from './threads/format.ts'
import { sourceFormat as tiktokExport } from './tiktok-export/format.ts'
import { sourceFormat as tiktokWeb } from './tiktok-web/format.ts'
import { sourceFormat as whatsapp } from './whatsapp/format.ts'
import { sourceFormat as xApi } from './x-api/format.ts'
import { sourceFormat as xArchive } from './x-archive/format.ts'
import { sourceFormat as xTwscrape } from './x-twscrape/format.ts'
import { sourceFormat as xWeb } from './x-web/format.ts'
import { sourceFormat as ytDlp } from './yt-dlp/format.ts'
import { sourceFormat as zeeschuimer } from './zeeschuimer/format.ts'

/** The built-in formats, each in its own folder. */
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
export { sourceFormat as filesFormat } from './files/format.ts'
export { tableFormat } from './table/format.ts'
export { InvalidMappingError } from './table/mapping.ts'
