export { InvalidMediaUrlError, readMediaUrl, type MediaUrl } from './media-url.ts'
