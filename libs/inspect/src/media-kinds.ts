import type { MediaType } from '@mediakeep/content'

/** How to check a file: by a decoder, by its container, or not at all if nothing here can read it. */
type Check = 'image' | 'heif' | 'video' | 'audio' | 'pdf' | 'office' | 'none'

export interface Sniffed {
  readonly mediaType: MediaType
  readonly check: Check
  readonly mimeType: string
  /** Without a dot. */
  readonly extension: string
}

const OFFICE = 'application/vnd.openxmlformats-officedocument'

export const PDF: Sniffed = document('pdf', 'application/pdf', 'pdf')
export const OFFICE_TYPES = {
  word: document('office', `${OFFICE}.wordprocessingml.document`, 'docx'),
  ppt: document('office', `${OFFICE}.presentationml.presentation`, 'pptx'),
  xl: document('office', `${OFFICE}.spreadsheetml.sheet`, 'xlsx'),
} as const

/**
 * All accepted types, keyed by file-type's name. If file-type has several names for a type, they all map to the name
 * that browsers use.
 */
export const ACCEPTED: Readonly<Record<string, Sniffed>> = {
  'image/jpeg': image('image/jpeg', 'jpg'),
  'image/png': image('image/png', 'png'),
  'image/apng': image('image/png', 'png'),
  'image/gif': image('image/gif', 'gif'),
  'image/webp': image('image/webp', 'webp'),
  'image/avif': image('image/avif', 'avif'),
  'image/tiff': image('image/tiff', 'tif'),
  'image/heic': image('image/heic', 'heic', 'heif'),
  'image/heic-sequence': image('image/heic', 'heic', 'heif'),
  'image/heif': image('image/heif', 'heif', 'heif'),
  'image/heif-sequence': image('image/heif', 'heif', 'heif'),
  'image/bmp': image('image/bmp', 'bmp', 'none'),
  'image/jxl': image('image/jxl', 'jxl', 'none'),
  'image/jp2': image('image/jp2', 'jp2', 'none'),
  'image/jpx': image('image/jpx', 'jpx', 'none'),
  'image/vnd.ms-photo': image('image/jxr', 'jxr', 'none'),
  'image/vnd.adobe.photoshop': image('image/vnd.adobe.photoshop', 'psd', 'none'),
  'image/x-canon-cr2': image('image/x-canon-cr2', 'cr2', 'none'),
  'image/x-canon-cr3': image('image/x-canon-cr3', 'cr3', 'none'),
  'image/x-adobe-dng': image('image/x-adobe-dng', 'dng', 'none'),
  'image/x-nikon-nef': image('image/x-nikon-nef', 'nef', 'none'),
  'image/x-sony-arw': image('image/x-sony-arw', 'arw', 'none'),
  'image/x-fujifilm-raf': image('image/x-fujifilm-raf', 'raf', 'none'),
  'video/mp4': video('video/mp4', 'mp4'),
  'video/x-m4v': video('video/mp4', 'mp4'),
  'video/quicktime': video('video/quicktime', 'mov'),
  'video/3gpp': video('video/3gpp', '3gp'),
  'video/3gpp2': video('video/3gpp2', '3g2'),
  'video/webm': video('video/webm', 'webm'),
  'video/matroska': video('video/matroska', 'mkv'),
  'video/ogg': video('video/ogg', 'ogv', 'none'),
  'video/vnd.avi': video('video/vnd.avi', 'avi', 'none'),
  'video/mpeg': video('video/mpeg', 'mpg', 'none'),
  'video/MP1S': video('video/mpeg', 'mpg', 'none'),
  'video/MP2P': video('video/mpeg', 'mpg', 'none'),
  'video/mp2t': video('video/mp2t', 'ts', 'none'),
  'video/x-flv': video('video/x-flv', 'flv', 'none'),
  'video/x-ms-asf': video('video/x-ms-asf', 'wmv', 'none'),
  'audio/mpeg': audio('audio/mpeg', 'mp3'),
  'audio/aac': audio('audio/aac', 'aac'),
  'audio/mp4': audio('audio/mp4', 'm4a'),
  'audio/x-m4a': audio('audio/mp4', 'm4a'),
  'audio/wav': audio('audio/wav', 'wav'),
  'audio/flac': audio('audio/flac', 'flac'),
  'audio/ogg': audio('audio/ogg', 'ogg'),
  'audio/ogg; codecs=opus': audio('audio/ogg', 'ogg'),
  'application/ogg': audio('audio/ogg', 'ogg'),
  'audio/amr': audio('audio/amr', 'amr', 'none'),
  'audio/aiff': audio('audio/aiff', 'aiff', 'none'),
  'audio/x-caf': audio('audio/x-caf', 'caf', 'none'),
  'audio/x-ms-asf': audio('audio/x-ms-asf', 'wma', 'none'),
  'audio/ape': audio('audio/ape', 'ape', 'none'),
  'audio/wavpack': audio('audio/wavpack', 'wv', 'none'),
  'application/pdf': PDF,
  [OFFICE_TYPES.word.mimeType]: OFFICE_TYPES.word,
  [OFFICE_TYPES.ppt.mimeType]: OFFICE_TYPES.ppt,
  [`${OFFICE}.presentationml.slideshow`]: document('office', `${OFFICE}.presentationml.slideshow`, 'ppsx'),
  [OFFICE_TYPES.xl.mimeType]: OFFICE_TYPES.xl,
}

function image(mimeType: string, extension: string, check: Check = 'image'): Sniffed {
  return { mediaType: 'image', check, mimeType, extension }
}

function video(mimeType: string, extension: string, check: Check = 'video'): Sniffed {
  return { mediaType: 'video', check, mimeType, extension }
}

function audio(mimeType: string, extension: string, check: Check = 'audio'): Sniffed {
  return { mediaType: 'audio', check, mimeType, extension }
}

function document(check: Check, mimeType: string, extension: string): Sniffed {
  return { mediaType: 'document', check, mimeType, extension }
}
