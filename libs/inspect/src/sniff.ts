import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type'
import { NotMediaError } from '@mediakeep/content'

type Kind = 'image' | 'heif' | 'video' | 'pdf' | 'office'

export interface Sniffed {
  readonly kind: Kind
  readonly mimeType: string
  /** Without a dot. */
  readonly extension: string
}

const OFFICE = 'application/vnd.openxmlformats-officedocument'

/** What is kept, by the names that file-type gives; variants get the name that browsers know. */
const KEPT: Readonly<Record<string, Sniffed>> = {
  'image/jpeg': { kind: 'image', mimeType: 'image/jpeg', extension: 'jpg' },
  'image/png': { kind: 'image', mimeType: 'image/png', extension: 'png' },
  'image/apng': { kind: 'image', mimeType: 'image/png', extension: 'png' },
  'image/gif': { kind: 'image', mimeType: 'image/gif', extension: 'gif' },
  'image/webp': { kind: 'image', mimeType: 'image/webp', extension: 'webp' },
  'image/avif': { kind: 'image', mimeType: 'image/avif', extension: 'avif' },
  'image/tiff': { kind: 'image', mimeType: 'image/tiff', extension: 'tif' },
  'image/heic': { kind: 'heif', mimeType: 'image/heic', extension: 'heic' },
  'image/heif': { kind: 'heif', mimeType: 'image/heif', extension: 'heif' },
  'video/mp4': { kind: 'video', mimeType: 'video/mp4', extension: 'mp4' },
  'video/x-m4v': { kind: 'video', mimeType: 'video/mp4', extension: 'mp4' },
  'video/quicktime': { kind: 'video', mimeType: 'video/quicktime', extension: 'mov' },
  'video/webm': { kind: 'video', mimeType: 'video/webm', extension: 'webm' },
  'video/matroska': { kind: 'video', mimeType: 'video/matroska', extension: 'mkv' },
  'application/pdf': { kind: 'pdf', mimeType: 'application/pdf', extension: 'pdf' },
  [`${OFFICE}.wordprocessingml.document`]: office('wordprocessingml.document', 'docx'),
  [`${OFFICE}.presentationml.presentation`]: office('presentationml.presentation', 'pptx'),
  [`${OFFICE}.presentationml.slideshow`]: office('presentationml.slideshow', 'ppsx'),
  [`${OFFICE}.spreadsheetml.sheet`]: office('spreadsheetml.sheet', 'xlsx'),
}

function office(name: string, extension: string): Sniffed {
  return { kind: 'office', mimeType: `${OFFICE}.${name}`, extension }
}

/**
 * What the first bytes say that a file is.
 * @param head the first bytes, or all of them
 * @param path read when the head does not decide (a zip may be an office document)
 * @throws NotMediaError `html`, `svg`, `javascript` or `unknown_type`
 */
export async function sniff(head: Uint8Array, path: string): Promise<Sniffed> {
  const found = await fileTypeFromBuffer(head)
  const type = found?.mime === 'application/zip' ? await fileTypeFromFile(path) : found
  const kept = type === undefined ? undefined : KEPT[type.mime]
  if (kept !== undefined) return kept
  const text = textCode(head)
  if (text !== undefined) throw new NotMediaError(text, `The bytes are ${text}, not media`)
  throw new NotMediaError('unknown_type', `The bytes are ${type?.mime ?? 'of no known type'}`)
}

const MARKUP = /<(?:!doctype\s+html|html|head|body|script|title|meta|iframe|div|p|h1|a|table)[\s>/]/i
const SCRIPT =
  /^(?:["']use strict|\(?\s*(?:async\s+)?function\b|(?:var|let|const|import|export|window|document)\b|!function)/

/** Browsers look at the first 1,445 bytes; a little more does not harm. */
const TEXT_BYTES = 2048

function textCode(head: Uint8Array): 'html' | 'svg' | 'javascript' | undefined {
  const text = withoutPrologue(decode(head.subarray(0, TEXT_BYTES)))
  if (/^<svg[\s/>]/i.test(text)) return 'svg'
  if (text.startsWith('<') && MARKUP.test(text)) return 'html'
  if (SCRIPT.test(text)) return 'javascript'
  return undefined
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder().decode(bytes)
}

/** Comments, the XML declaration and a doctype of SVG may stand before the first element. */
function withoutPrologue(text: string): string {
  return text.replace(
    /^(?:\s|<!--[^]*?-->|<\?[^]*?\?>|<!doctype\s+svg[^>[]*(?:\[[^\]]*\])?[^>]*>|\/\*[^]*?\*\/|\/\/[^\n]*\n)*/i,
    '',
  )
}
