import readExif, { type Exif } from 'exif-reader'
import sharp, { type Metadata } from 'sharp'
import { AnalysisError, compactFacts, textFact, type JsonObject } from '@mediakeep/plugin-api'

/** Reads the upright size, the kind of image, and what EXIF says about its origin. */
export async function readImageFacts(path: string): Promise<JsonObject> {
  const metadata = await readMetadata(path)
  const { width, height } = metadata.autoOrient
  return compactFacts({
    width,
    height,
    orientation: metadata.orientation,
    colorSpace: metadata.space,
    hasAlpha: metadata.hasAlpha,
    hasProfile: metadata.hasProfile,
    frames: metadata.pages,
    exif: metadata.exif && exifFacts(metadata.exif),
  })
}

async function readMetadata(path: string): Promise<Metadata> {
  try {
    return await sharp(path, { failOn: 'none', limitInputPixels: false }).metadata()
  } catch (cause) {
    throw new AnalysisError('undecodable', `The image cannot be read: ${String(cause)}`, { cause })
  }
}

/** Returns undefined if EXIF is empty or broken, which does not mean that the image is. */
function exifFacts(bytes: Buffer): JsonObject | undefined {
  let exif: Exif
  try {
    exif = readExif(bytes)
  } catch {
    return undefined
  }
  // A broken directory is parsed as null.
  const [image, photo] = [exif.Image ?? {}, exif.Photo ?? {}]
  const facts = compactFacts({
    make: textFact(image.Make),
    model: textFact(image.Model),
    lens: textFact(photo.LensModel),
    software: textFact(image.Software),
    artist: textFact(image.Artist),
    copyright: textFact(image.Copyright),
    description: textFact(image.ImageDescription),
    takenAt: localTime(photo.DateTimeOriginal, photo.OffsetTimeOriginal),
    exposureSeconds: number(photo.ExposureTime),
    fNumber: number(photo.FNumber),
    iso: number(photo.ISOSpeedRatings),
    focalLengthMm: number(photo.FocalLength),
    location: location(exif.GPSInfo ?? {}),
  })
  return Object.keys(facts).length > 0 ? facts : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** The camera's local time, with its time zone if the camera recorded one: `2026-05-04T12:00:00+02:00`. */
function localTime(value: unknown, offset: unknown): string | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined
  const zone = typeof offset === 'string' && /^[+-]\d\d:\d\d$/.test(offset) ? offset : ''
  return value.toISOString().slice(0, 19) + zone
}

/** Degrees (WGS 84), south and west negative. */
function location(gps: Record<string, unknown>): JsonObject | undefined {
  const latitude = degrees(gps.GPSLatitude, gps.GPSLatitudeRef === 'S', 90)
  const longitude = degrees(gps.GPSLongitude, gps.GPSLongitudeRef === 'W', 180)
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude }
}

function degrees(value: unknown, isNegative: boolean, most: number): number | undefined {
  if (!Array.isArray(value)) return undefined
  const [whole = 0, minutes = 0, seconds = 0] = value.map(Number)
  const sum = whole + minutes / 60 + seconds / 3600
  if (!(sum >= 0 && sum <= most)) return undefined
  return Math.round((isNegative ? -sum : sum) * 1e6) / 1e6
}
