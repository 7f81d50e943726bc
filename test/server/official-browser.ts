// An official's browser without the browser: cookies and two passkeys in software, before a stage's application.
import { base64urlnopad } from '@scure/base'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { type Act, actCodec, actStatement, type UnsignedAct } from '#protocol/act.ts'
import { signingRole } from '#protocol/official.ts'
import type { ProposedView } from '#server/officials/acts.ts'
import type { AccountView } from '#server/officials/people.ts'
import type { FoundVoterView } from '#server/officials/voters.ts'
import type { ListingView } from '#server/voters.ts'
import { Passkey } from '../tally/passkey.ts'
import { PROCESS } from '../tally/scene.ts'
import type { Stage } from './stage.ts'

/** Where a list goes, and who signs it too. */
interface Importing {
  readonly process?: string
  readonly roll: string
  readonly site?: string
  readonly second?: Browser
}

/** A browser with its cookie, in which somebody has two passkeys. */
export class Browser {
  readonly #stage: () => Stage
  readonly name: string
  readonly login: Passkey
  readonly acts: Passkey
  readonly #cookies = new Map<string, string>()

  constructor(stage: () => Stage, name: string) {
    this.#stage = stage
    this.name = name
    this.login = new Passkey(`${name} signs in`)
    this.acts = new Passkey(`${name} acts`)
  }

  /** All its cookies, as it sends them. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  set cookie(all: string) {
    this.#cookies.clear()
    for (const one of all.split('; ').filter(Boolean)) this.#keep(one)
  }

  #keep(set: string): void {
    const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(set) ?? []
    if (/; *max-age=0(;|$)/i.test(set)) this.#cookies.delete(name)
    else this.#cookies.set(name, value)
  }

  get #founded() {
    const { founded } = this.#stage().parts.board.state
    if (founded === undefined) throw new Error('no genesis')
    return founded
  }

  /** Where officials' pages are. */
  get place() {
    return this.#founded.genesis
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const all = {
      'sec-fetch-site': 'same-origin',
      ...(this.cookie !== '' && { cookie: this.cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    }
    const response = await this.#stage().app.request(path, {
      method,
      // An empty one is not sent.
      headers: Object.entries(all).filter(([, value]) => value !== ''),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    for (const set of response.headers.getSetCookie()) this.#keep(set)
    return response
  }

  /** Brings voters in, lines `row,weight` and what may follow, after their list was signed, by somebody else too where that
   *  is needed. The answer of whichever step comes last. */
  async importVoters(csv: string | Uint8Array, to: Importing): Promise<Response> {
    const looked = await this.sendList('lists', csv, to)
    if (!looked.ok) return looked
    const { rows, list, signed } = (await looked.json()) as ListingView
    if (!signed) {
      const act: Act = { type: 'list-voters', roll: to.roll, rows, list: fromHex(list) }
      const proposal = await this.proposal(act, to.process)
      const proposed = await this.send('POST', '/api/officials/acts', proposal)
      if (!proposed.ok) return proposed
      if (to.second !== undefined) await to.second.approval((await proposed.json()) as ProposedView)
    }
    return this.sendList('voters', csv, to)
  }

  /** One step of it. */
  async sendList(step: 'lists' | 'voters', csv: string | Uint8Array, to: Importing): Promise<Response> {
    const { process = PROCESS, roll, site = 'same-origin' } = to
    return this.#stage().app.request(
      `/api/officials/${step}?${new URLSearchParams({ process, roll }).toString()}`,
      {
        method: 'POST',
        headers: { 'content-type': 'text/csv', 'sec-fetch-site': site, cookie: this.cookie },
        body: new Uint8Array(Buffer.from(csv)),
      },
    )
  }

  async post<T = undefined>(path: string, body?: unknown): Promise<T> {
    const response = await this.send('POST', `/api/officials${path}`, body)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (response.status === 204 ? undefined : await response.json()) as T
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.send('GET', `/api/officials${path}`)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  /** The two new passkeys that the server's options ask for. */
  pair({ login, acts }: Record<'login' | 'acts', { challenge: string }>) {
    return {
      login: this.login.created(this.place, login.challenge),
      acts: this.acts.created(this.place, acts.challenge),
    }
  }

  /** Comes in first, as an owner. */
  async first(code: string): Promise<void> {
    const { name } = this
    const pair = this.pair(await this.post('/first/options', { code, name }))
    await this.post('/first', { code, id: name, name, ...pair })
  }

  /** The change that names everybody who should be named. */
  async naming(): Promise<Act> {
    const { officials } = await this.get<{ officials: AccountView[] }>('')
    const named = officials.flatMap(({ id, name, role, key }) => {
      const signs = signingRole(role)
      return key === null || signs === undefined ? [] : [{ id, name, role: signs, key: fromHex(key) }]
    })
    const decisive = Math.min(2, named.filter(({ role }) => role === 'owner').length)
    return { type: 'change-officials', officials: named, approvals: { routine: 1, decisive } }
  }

  async join(code: string): Promise<void> {
    await this.post('/join', { code, ...this.pair(await this.post('/join/options', { code })) })
  }

  /** Has somebody come in, whom the record does not name yet. */
  async invite(who: Browser, role: AccountView['role']): Promise<void> {
    const { name } = who
    await who.join((await this.post<{ code: string }>('/invitations', { id: name, name, role })).code)
  }

  async signIn(passkey = this.login) {
    const { login } = await this.post<{ login: { challenge: string } }>('/session/options')
    return this.send('POST', '/api/officials/session', passkey.answered(this.place, login.challenge))
  }

  sign(unsigned: UnsignedAct, passkey = this.acts) {
    const assertion = passkey.assert(this.place, actStatement(this.#founded.log, unsigned))
    return assertion.map((part) => base64urlnopad.encode(part))
  }

  async proposal(act: Act, process = PROCESS, passkey = this.acts) {
    const at = await this.get<{ process: string; stateCounter: number; expiry: number }>(
      `/place?process=${process}`,
    )
    const reason = 'It was agreed.'
    const assertion = this.sign({ ...at, reason, act }, passkey)
    return { ...at, act: toHex(actCodec.encode(act)), reason, assertion }
  }

  async propose(act: Act, process = PROCESS): Promise<ProposedView> {
    return this.post('/acts', await this.proposal(act, process))
  }

  /** Takes somebody off the list who has not registered; another official agrees, where one must. */
  async unlist(of: { process: string; roll: string; row: string }, second?: Browser): Promise<ProposedView> {
    const { unlisting } = await this.get<FoundVoterView>(
      `/voters/voter?${new URLSearchParams(of).toString()}`,
    )
    const act: Act = { type: 'unlist-voters', roll: of.roll, rows: 1, list: fromHex(unlisting) }
    const proposed = await this.post<ProposedView>('/acts', {
      ...(await this.proposal(act, of.process)),
      row: of.row,
    })
    if (second !== undefined) await second.approval(proposed)
    return proposed
  }

  async approval({ id, process, stateCounter, expiry, reason, act }: ProposedView, passkey = this.acts) {
    const known = { process, stateCounter, expiry, reason, act: actCodec.decode(Buffer.from(act, 'hex')) }
    return this.send('POST', `/api/officials/acts/${id}/approvals`, { assertion: this.sign(known, passkey) })
  }
}
