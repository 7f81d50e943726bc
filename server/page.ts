// The page at the root: what runs here, for people, without any script.
import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Parts } from './parts.ts'
import { type ElectionSummary, summaries } from './summary.ts'

const STYLE = `:root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--line:#6b6b76;--link:#0b4f9e}
@media(prefers-color-scheme:dark){:root{--ink:#f2f2f5;--paper:#15151a;--line:#9a9aa6;--link:#9cc4ff}}
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:1.125rem/1.55 system-ui,sans-serif}
a{color:var(--link)}a:focus-visible{outline:3px solid currentColor;outline-offset:2px}
table{border-collapse:collapse;width:100%}caption{text-align:start}
th,td{text-align:start;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.wide{overflow-x:auto}code{overflow-wrap:anywhere}`

/** The page's style as the content security policy names it. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

const STATES: Record<ElectionSummary['state'], string> = {
  defined: 'Defined',
  keygen: 'Guardians are making the key',
  ready: 'Ready to open',
  open: 'Opened',
  closed: 'Closed, waiting for the guardians',
  announced: 'Result announced',
}

/** The whole page. */
export function statusPage({ board, setups }: Pick<Parts, 'board' | 'setups'>) {
  const { ledger, state } = board
  const elections = summaries(state, (setup) => setups.isDevelopment(setup))
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Comitia at ${ledger.origin}</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          <h1>Comitia</h1>
          <p>
            This server keeps the ledger <code>${ledger.origin}</code>: ${ledger.size} entries. It is run by 1
            operator and watched by 0 witnesses, so a second history would be noticed only by those who keep
            an older checkpoint.
          </p>
          <h2 id="elections">Elections</h2>
          ${elections.length === 0 ? html`<p>None has been defined yet.</p>` : table(elections)}
          <h2>The record</h2>
          <p>
            Anybody can check all of it: <a href="/api/record" download>download the record</a> and run
            <code>comitia verify record.comitia</code>.
          </p>
          <ul>
            <li><a href="/log/checkpoint">Newest checkpoint</a></li>
            <li><a href="/log/policy">Trust policy</a></li>
            <li><a href="/openapi.json">Description of the interface for programs</a></li>
          </ul>
        </main>
      </body>
    </html>`
}

function table(elections: readonly ElectionSummary[]): HtmlEscapedString | Promise<HtmlEscapedString> {
  return html`<div class="wide" role="region" aria-labelledby="elections" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Election</th>
          <th scope="col">State</th>
          <th scope="col">Voting (UTC)</th>
          <th scope="col">Voters so far</th>
        </tr>
      </thead>
      <tbody>
        ${elections.map(
          (election) =>
            html`<tr>
              <th scope="row">
                ${titleOf(election)} ${election.practice ? ' (practice, not a real vote)' : ''}
                ${isDevelopment(election) ? ' (development setup: anybody can forge ballots)' : ''}
              </th>
              <td>${STATES[election.state]}</td>
              <td>${dateOf(election.opensAt)} to ${dateOf(election.closesAt)}</td>
              <td>
                ${election.contests
                  .map(({ turnout }) => `${turnout.voters} of ${turnout.credentials}`)
                  .join(', ')}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function titleOf({ title, election }: ElectionSummary): string {
  return title['en'] ?? Object.values(title)[0] ?? election
}

function isDevelopment({ opening }: ElectionSummary): boolean {
  return opening?.setups.some((setup) => setup.development) ?? false
}

function dateOf(instant: number): string {
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? 'never' : date.toISOString().slice(0, 16).replace('T', ' ')
}
