// How SvelteKit finds the web app in web/ and makes of it files that any server can hand out: one page, all routes.

import adapter from '@sveltejs/adapter-static'

const site = process.env.COMITIA_SITE ?? '.cache/site/dev'

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    // One page for all routes: what it shows depends on the ledger and on the device, never on who asks for it.
    adapter: adapter({
      pages: site,
      fallback: 'app.html',
      precompress: true,
    }),
    files: {
      appTemplate: 'web/app.html',
      assets: 'web/static',
      hooks: { client: 'web/hooks' },
      routes: 'web/routes',
      serviceWorker: 'web/service-worker',
    },
    // Registered by the app itself (web/worker/), under its own Trusted Types policy.
    serviceWorker: { register: false },
    // From its sources, so that the same sources always make the same app.
    version: { name: process.env.COMITIA_VERSION },
    // Apart for each build, so that two may run at once.
    outDir: process.env.COMITIA_SITE === undefined ? '.cache/svelte-kit' : `${site}.work`,
    typescript: {
      config: (made) => ({ ...made, include: [] }),
    },
  },
}
