import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Where `vite` (the dev server) finds the API. */
const api = process.env['MEDIAKEEP_API'] ?? 'http://127.0.0.1:4000'
const proxied = Object.fromEntries(['/graphql', '/media', '/health'].map((path) => [path, { target: api }]))

/** Compresses once what is sent many times: `index.js.br` and `index.js.gz` beside `index.js`. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  async writeBundle({ dir }) {
    const files = await readdir(dir!, { recursive: true })
    for (const file of files.filter((name) => /\.(js|css|html|svg)$/.test(name))) {
      const bytes = await readFile(join(dir!, file))
      await writeFile(join(dir!, `${file}.br`), await promisify(brotliCompress)(bytes))
      await writeFile(join(dir!, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }))
    }
  },
}

/** The frame of the page is drawn by its styles: they come first, and scripts do not hold it up. */
const stylesFirst: Plugin = {
  name: 'styles-first',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html.replaceAll(/<(script type="module"|link rel="modulepreload")/g, '<$1 fetchpriority="low"'),
  },
}

export default defineConfig({
  plugins: [react(), stylesFirst, compressed],
  // As the minifier reads them; PostCSS, else used for CSS modules, warns at every build.
  css: { transformer: 'lightningcss' },
  build: { target: 'es2022', sourcemap: true, assetsInlineLimit: 0 },
  server: { proxy: proxied },
})
