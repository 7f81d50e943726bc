// Builds the web app, SvelteKit's pages and workers, of the compiled messages (cli/words.ts). `npm run dev` serves it while
// it is worked on, with everything else from a server of this repository on port 8080.

import { sveltekit } from '@sveltejs/kit/vite'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const SERVER = 'http://localhost:8080'

/** What every page needs comes together, all styles, and what the booth's pages share, for a browser asks for six files at a
 *  time. What only some kinds of pages show is no part of it, and what the booth shares with them is apart. */
const codeSplitting = {
  groups: [
    {
      name: 'frame',
      test: /@sveltejs\/kit\/src\/runtime\/client|web\/(routes\/\+layout|parts\/(Page|Busy|Notice|Failure)|words\/format)\.|words\/registry\.|\.css$/,
    },
    {
      name: 'common',
      test: /\/web\/(parts|words|device)\/|\/node_modules\/(svelte|comlink)\/|\/(encoding|start|transient|FileField|OptionSource)\./,
      minShareCount: 5,
    },
    {
      name: 'rules',
      test: /\/(rule|position|keys)\./,
      minShareCount: 2,
    },
    {
      name: 'asked',
      test: /\/(opinion\/Answers|booth\/(OptionDetails|words)|parts\/Notices)\./,
      minShareCount: 2,
    },
    {
      name: 'booth',
      test: /\/web\/booth\/(?!Ballot|Marks|Receipt|check|noted|kept)/,
      minShareCount: 2,
    },
  ],
}

/** Nearly all functions of these files are called while a page is first drawn: browsers that know this mark compile them
 *  beside the page's own work (V8's explicit compile hints). */
const postBanner = ({ name }: { name: string }): string =>
  /^(frame|common|rules|asked|booth|(entry|nodes)\/.*)$/.test(name) ? '//# allFunctionsCalledOnLoad' : ''

export default defineConfig({
  plugins: [wordsApart(), sveltekit(), allWorkersInManifest()],
  resolve: {
    alias: {
      // One language at a time: see there.
      '#words/messages.js': fileURLToPath(new URL('web/words/messages.ts', import.meta.url)),
    },
  },
  worker: { format: 'es' },
  build: { target: 'es2023' },
  environments: { client: { build: { rolldownOptions: { output: { codeSplitting, postBanner } } } } },
  server: { proxy: { '/api': SERVER, '/log': SERVER } },
})

/** Texts that not every page shows, by the first word of their keys. */
const APART = [
  ...['booth', 'observer', 'record', 'process', 'opinion', 'accountability', 'help', 'demo'],
  ...['guardian', 'officials', 'ceremony', 'finding', 'mydata'],
]

/** Of a language's file, `?officials` has the texts of the officials' pages and so on, and the file itself all that are not
 *  apart. */
function wordsApart(): Plugin {
  return {
    name: 'words-apart',
    transform(code, id) {
      const [found, asked] = /\/words\/messages\/\w+\.js(?:\?(\w+))?$/.exec(id) ?? []
      if (found === undefined) return undefined
      const kept = this.parse(code).body.filter((statement) => {
        if (statement.type !== 'ExportNamedDeclaration') return true
        const [, word] = /^export const ([a-z]+)_/.exec(code.slice(statement.start, statement.end)) ?? []
        return APART.find((one) => one === word) === asked
      })
      return { code: kept.map(({ start, end }) => code.slice(start, end)).join('\n'), map: null }
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
