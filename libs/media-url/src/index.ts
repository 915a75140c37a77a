export { InvalidMediaUrlError, readMediaUrl, withScheme, type MediaUrl } from './media-url.ts'
