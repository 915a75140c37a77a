import { fileTypeFromBuffer } from 'file-type'
import { NotMediaError, playlistRefusal } from '@mediakeep/content'
import { ACCEPTED, PDF, type Sniffed } from './media-kinds.ts'
import { officeType } from './office.ts'

/** Limits the work of sniffing: detecting some types means walking through untrusted entries. */
const SNIFFED_BYTES = 64 * 1024

/**
 * Detects the type from the first bytes.
 * @param head the first bytes, or all of them
 * @param path read if the head is not enough (a zip can be an office document)
 * @throws NotMediaError `playlist`, `html`, `svg`, `javascript`, `executable` or `unknown_type`
 */
export async function sniff(head: Buffer, path: string): Promise<Sniffed> {
  const playlist = playlistKind(head)
  if (playlist) throw playlistRefusal(playlist)
  const text = textCode(head)
  if (text !== undefined) throw new NotMediaError(text, `The bytes are ${text}, not media`)
  const found = await fileTypeFromBuffer(head.subarray(0, SNIFFED_BYTES))
  const mime = found?.mime
  if (mime === 'application/zip') {
    const office = await officeType(path)
    if (office !== undefined) return office
  }
  const accepted = mime !== undefined && Object.hasOwn(ACCEPTED, mime) ? ACCEPTED[mime] : undefined
  if (accepted !== undefined && (accepted.extension !== 'bmp' || isBitmap(head))) return accepted
  // Its directory can be anywhere in the file, and file-type would read it.
  if (mime === undefined && isTiff(head)) return ACCEPTED['image/tiff']!
  // ISO 32000-1, annex H.3: readers accept a header anywhere in the first 1,024 bytes.
  if (mime === undefined && head.subarray(0, 1024).includes('%PDF-')) return PDF
  if (isExecutable(mime, head)) throw new NotMediaError('executable', 'The bytes are a program, not media')
  throw new NotMediaError('unknown_type', `The bytes are ${mime ?? 'of no known type'}`)
}

const PROGRAMS = [
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/wasm',
]

function isExecutable(mime: string | undefined, head: Buffer): boolean {
  return (mime !== undefined && PROGRAMS.includes(mime)) || head.toString('latin1', 0, 2) === '#!'
}

function isTiff(head: Buffer): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(head.toString('latin1', 0, 4))
}

/** Two letters are a weak signature, so the header's length must also be a valid one. */
function isBitmap(head: Buffer): boolean {
  return head.length >= 26 && [12, 16, 40, 52, 56, 64, 108, 124].includes(head.readUInt32LE(14))
}

const MARKUP = /<(?:!doctype\s+html|html|head|body|script|title|meta|iframe|div|p|h1|a|table)[\s>/]/i
const SCRIPT =
  /^(?:["']use strict|\(?\s*(?:async\s+)?function\b|(?:var|let|const|import|export|window|document)\b|!function)/

/** Browsers check the first 1,445 bytes; a few more do no harm. */
const TEXT_BYTES = 2048

function textCode(head: Uint8Array): 'html' | 'svg' | 'javascript' | undefined {
  const text = withoutPrologue(decode(head.subarray(0, TEXT_BYTES)))
  if (/^<svg[\s/>]/i.test(text)) return 'svg'
  if (text.startsWith('<') && MARKUP.test(text)) return 'html'
  if (SCRIPT.test(text)) return 'javascript'
  return undefined
}

/** RFC 8216, 4.3.1.1; ISO/IEC 23009-1, annex B. */
function playlistKind(head: Uint8Array): 'HLS' | 'DASH' | undefined {
  const text = decode(head.subarray(0, TEXT_BYTES))
  if (/^#EXTM3U\s/.test(text)) return 'HLS'
  return /^<(?:\w+:)?MPD[\s>]/.test(withoutPrologue(text)) ? 'DASH' : undefined
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder().decode(bytes)
}

/** Strips what may precede the first element of an SVG: comments, the XML declaration and a doctype. */
function withoutPrologue(text: string): string {
  return text.replace(
    /^(?:\s|<!--[^]*?-->|<\?[^]*?\?>|<!doctype\s+svg[^>[]*(?:\[[^\]]*\])?[^>]*>|\/\*[^]*?\*\/|\/\/[^\n]*\n)*/i,
    '',
  )
}
