import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `vite` (the dev server) finds the API. */
const api = process.env['MEDIAKEEP_API'] ?? 'http://127.0.0.1:4000'
const proxied = Object.fromEntries(['/graphql', '/media', '/health'].map((path) => [path, { target: api }]))

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', sourcemap: true, assetsInlineLimit: 0 },
  server: { proxy: proxied },
})
