import sharp from 'sharp'

/** A landscape nobody took: sky, sun, ridges and grain, from a seed. */
export function drawLandscape(seed: number, width: number, height: number): Promise<Buffer> {
  const random = generator(seed)
  const hue = Math.floor(random() * 360)
  const ridges = Array.from({ length: 4 }, (_, index) => {
    const base = height * (0.45 + index * 0.14)
    const points = Array.from(
      { length: 13 },
      (__, step) => `${(step * width) / 12},${base - random() * height * 0.16}`,
    )
    const shade = `hsl(${(hue + 190 + index * 12) % 360} 35% ${46 - index * 10}%)`
    return `<polygon fill="${shade}" points="0,${height} ${points.join(' ')} ${width},${height}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>
      <linearGradient id="sky" x2="0" y2="1">
        <stop stop-color="hsl(${hue} 70% 42%)"/><stop offset="1" stop-color="hsl(${(hue + 40) % 360} 85% 80%)"/>
      </linearGradient>
      <filter id="grain"><feTurbulence baseFrequency="0.8" numOctaves="2" seed="${seed}"/>
        <feColorMatrix values="0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0.16 0"/></filter>
    </defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * (0.2 + random() * 0.6)}" cy="${height * 0.3}" r="${height * 0.08}" fill="hsl(45 95% 88%)"/>
    ${ridges.join('')}
    <rect width="100%" height="100%" filter="url(#grain)"/>
  </svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 78, mozjpeg: true }).toBuffer()
}

/** A round face on a plain ground, of no real person. */
export function drawAvatar(seed: number): Promise<Buffer> {
  const hue = (seed * 83) % 360
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">
    <rect width="400" height="400" fill="hsl(${hue} 45% 70%)"/>
    <circle cx="200" cy="150" r="80" fill="hsl(${(hue + 30) % 360} 55% 88%)"/>
    <ellipse cx="200" cy="360" rx="140" ry="120" fill="hsl(${(hue + 200) % 360} 40% 40%)"/>
  </svg>`
  return sharp(Buffer.from(svg)).png({ palette: true }).toBuffer()
}

/** A slide with words on it, large enough to be read by a machine. */
export function drawSlide(title: string, lines: readonly string[]): Promise<Buffer> {
  const body = lines.map(
    (line, index) => `<text x="80" y="${300 + index * 80}" font-size="44">${line}</text>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" font-family="DejaVu Sans">
    <rect width="1280" height="720" fill="#fbfaf5"/><rect width="1280" height="16" fill="#2b5f75"/>
    <text x="80" y="180" font-size="72" font-weight="bold" fill="#16323d">${title}</text>
    <g fill="#333">${body.join('')}</g>
  </svg>`
  return sharp(Buffer.from(svg)).png({ palette: true }).toBuffer()
}

/** Bars of invented figures. */
export function drawChart(seed: number): Promise<Buffer> {
  const random = generator(seed)
  const bars = Array.from({ length: 12 }, (_, index) => {
    const height = 80 + random() * 420
    return `<rect x="${90 + index * 92}" y="${620 - height}" width="64" height="${height}" fill="hsl(${200 + index * 6} 50% 48%)"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="675">
    <rect width="1200" height="675" fill="white"/>${bars.join('')}
    <line x1="70" y1="620" x2="1180" y2="620" stroke="#444" stroke-width="3"/>
  </svg>`
  return sharp(Buffer.from(svg)).webp({ quality: 82 }).toBuffer()
}

/** mulberry32: the same picture on every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
