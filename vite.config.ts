// Builds the web app: messages are compiled first, then SvelteKit's pages and workers. `npm run dev` serves it while it
// is worked on, with everything else from a server of this repository on port 8080.

import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { sveltekit } from '@sveltejs/kit/vite'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const SERVER = 'http://localhost:8080'

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './web/words/project.inlang',
      outdir: './.cache/words',
      strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
      emitTsDeclarations: true,
    }),
    sveltekit(),
  ],
  // Of circomlibjs the app needs Poseidon; the rest of the package asks for Node's buffers and streams.
  resolve: {
    alias: {
      circomlibjs: fileURLToPath(new URL('node_modules/circomlibjs/src/poseidon_wasm.js', import.meta.url)),
    },
  },
  worker: { format: 'es' },
  build: { target: 'es2023' },
  server: { proxy: { '/api': SERVER, '/log': SERVER } },
})
