// Builds the web app: messages are compiled first, then SvelteKit's pages and workers. `npm run dev` serves it while it
// is worked on, with everything else from a server of this repository on port 8080.

import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { sveltekit } from '@sveltejs/kit/vite'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { HASHED } from '#circuits/sizes.ts'

const SERVER = 'http://localhost:8080'

/** What every page needs comes together, and all styles, for a browser asks for six files at a time. */
const codeSplitting = {
  groups: [
    {
      name: 'frame',
      test: /@sveltejs\/kit\/src\/runtime\/client|web\/(routes\/\+layout|parts\/(Page|Busy|Notice|Failure)|words\/format)\.|\.css$/,
    },
  ],
}

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './web/words/project.inlang',
      outdir: './.cache/words',
      strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
      emitTsDeclarations: true,
      outputStructure: 'locale-modules',
    }),
    sveltekit(),
    allWorkersInManifest(),
  ],
  resolve: {
    alias: {
      // One language at a time: see there.
      '#words/messages.js': fileURLToPath(new URL('web/words/messages.ts', import.meta.url)),
      // Of circomlibjs the app needs Poseidon; the rest of the package asks for Node's buffers and streams.
      circomlibjs: fileURLToPath(new URL('node_modules/circomlibjs/src/poseidon_wasm.js', import.meta.url)),
    },
  },
  worker: { format: 'es', plugins: () => [tablesInUse()] },
  build: { target: 'es2023' },
  environments: { client: { build: { rolldownOptions: { output: { codeSplitting } } } } },
  server: { proxy: { '/api': SERVER, '/log': SERVER } },
})

/** Of Poseidon's tables, which make most of a worker, those for as many elements as are ever hashed. */
function tablesInUse(): Plugin {
  return {
    name: 'tables-in-use',
    load: {
      filter: { id: /poseidon_constants_opt\.js$/ },
      async handler(path) {
        const { default: tables } = (await import(path)) as { default: Record<string, unknown[]> }
        const used = Object.entries(tables).map(([name, sizes]) => [
          name,
          // One table for each number of elements from 1 on.
          sizes.map((table, i) => (HASHED.includes(i + 1) ? table : [])),
        ])
        return `export default ${JSON.stringify(Object.fromEntries(used))}`
      },
    },
  }
}

/** Vite's manifest leaves out workers that only workers start; the service worker takes from it what to keep. */
function allWorkersInManifest(): Plugin {
  return {
    name: 'all-workers-in-manifest',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const manifest = bundle['.vite/manifest.json']
        if (manifest?.type !== 'asset') return
        const chunks = JSON.parse(String(manifest.source)) as Record<string, { file: string }>
        for (const file of Object.keys(bundle)) if (file.includes('/workers/')) chunks[file] = { file }
        manifest.source = JSON.stringify(chunks, undefined, 2)
      },
    },
  }
}
