import type { MediaType } from '@mediakeep/plugin-api'

const EXTENSIONS: Readonly<Record<MediaType, string>> = {
  image: 'jpg jpeg jpe jfif png gif webp avif heic heif bmp tif tiff svg ico jxl',
  video: 'mp4 m4v mov webm mkv avi 3gp 3g2 mpg mpeg ogv ts flv wmv',
  audio: 'mp3 m4a aac ogg oga opus wav flac amr weba wma aiff caf',
  document: 'pdf doc docx odt rtf xls xlsx ods ppt pptx odp epub txt csv srt vtt ass lrc ttml zip',
}
const TYPES = new Map(
  Object.entries(EXTENSIONS).flatMap(([type, names]) =>
    names.split(' ').map((name) => [name, type as MediaType]),
  ),
)

/** Returns the kind of media that a path's or URL's extension claims; undefined for an unknown extension. */
export function mediaTypeOfPath(path: string): MediaType | undefined {
  const name = path.replace(/[?#].*$/s, '')
  return TYPES.get(/\.(\w{2,5})$/.exec(name)?.[1]?.toLowerCase() ?? '')
}

/** Returns the kind of media that a MIME type names. */
export function mediaTypeOfMime(mime: string): MediaType {
  const [kind] = mime.toLowerCase().split('/')
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document'
}

/** Returns the last part of a path. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Returns the file's name without its last extension. */
export function stemOf(path: string): string {
  return fileNameOf(path.replace(/[?#].*$/s, '')).replace(/\.\w{1,5}$/, '')
}
