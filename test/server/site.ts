// A tiny built web app in a folder, as the adapter leaves it: one page, a script with compressed copies, other files.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

export const PAGE = `<!doctype html><html lang="en"><head>
<style>body { color: black }</style>
<script src="/_app/immutable/start.a1b2.js" type="module"></script>
</head><body>
<script>window.started = 1</script>
<script type="module">
  window.started = 2
</script></body></html>`
export const SCRIPT = 'export const answer = 42\n'.repeat(100)

/** What its pages need at once. */
const PRELOADS = {
  words: {
    ...{ en: ['/words/en.js'], fi: ['/words/fi.js', '/words/plural.js'] },
    'en?booth': ['/words/en-booth.js'],
    'fi?booth': ['/words/fi-booth.js', '/words/plural.js'],
  },
  pages: [
    { pattern: '^\\/$', files: ['/nodes/3.js', '/chunks/a.js'], texts: [] },
    { pattern: '^\\/elections\\/([^/]+?)\\/?$', files: ['/nodes/7.js'], texts: ['booth'] },
  ],
}

/** Writes the app into a new folder. */
export function writeSite(folder: string): void {
  mkdirSync(join(folder, '_app/immutable'), { recursive: true })
  const script = join(folder, '_app/immutable/start.a1b2.js')
  writeFileSync(join(folder, 'app.html'), PAGE)
  writeFileSync(script, SCRIPT)
  writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT))
  writeFileSync(`${script}.gz`, gzipSync(SCRIPT))
  writeFileSync(join(folder, '_app/immutable/core.wasm'), Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))
  writeFileSync(join(folder, 'app.webmanifest'), '{"name":"Comitia"}')
  writeFileSync(join(folder, 'preloads.json'), JSON.stringify(PRELOADS))
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
}
