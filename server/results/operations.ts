// Announced results to take along, each file at an address of its own that stays.
import type { Context } from 'hono'
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { bufferOf } from '#server/answer.ts'
import type { Language } from '#server/data/register.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { formatLogPolicy } from '#ledger/policy.ts'
import { LANGUAGES } from '#server/data/schema.ts'
import { operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { recordFile } from '#server/record.ts'
import { type Announced, announcedOf, csvOf, electionName, nistOf, pbOf } from './announced.ts'
import { type CountReport, countReport } from './report.ts'

const BASE = '/api/elections/:process/:election/results'
const language = z.enum(LANGUAGES)
const contest = z.pipe(
  z.string().check(z.regex(/^[1-9][0-9]?$/)),
  z.transform((text: string) => Number(text)),
)

type Needed = Pick<Parts, 'board' | 'attachments' | 'setups' | 'verdicts'>

export function resultOperations(parts: Needed): Operation[] {
  const { state } = parts.board
  const reportOf = async (announced: Announced) =>
    countReport(parts, announced, await parts.verdicts.of(announced))
  const print = async (announced: Announced, language: Language) => {
    const { protocolPdf } = await import('./protocol.ts')
    return protocolPdf(await reportOf(announced), announced, language)
  }
  /** Printed once for all who ask. */
  const prints = new Map<string, Promise<Uint8Array>>()
  const printed = (announced: Announced, language: Language): Promise<Uint8Array> => {
    const name = `${toHex(announced.definition)} ${language}`
    const known = prints.get(name)
    if (known !== undefined) return known
    const pdf = print(announced, language)
    prints.set(name, pdf)
    pdf.catch(() => prints.delete(name))
    return pdf
  }
  return [
    operation(
      {
        method: 'GET',
        path: `${BASE}/report.json`,
        access: 'anybody',
        summary: 'The protocol of the count for programs.',
        parameters: electionName,
        query: {},
        success: [
          { status: 200, description: 'Who, what, when, rounds, findings.', type: 'application/json' },
        ],
      },
      async ({ parameters, c }) => {
        const report = await reportOf(announcedOf(state, parameters))
        return file(c, jsonOf(report), 'application/json')
      },
    ),
    operation(
      {
        method: 'GET',
        path: `${BASE}/:language/report.pdf`,
        access: 'anybody',
        summary: 'The protocol of the count, to be printed and signed.',
        parameters: { ...electionName, language },
        query: {},
        success: [{ status: 200, description: 'A tagged PDF.', type: 'application/pdf' }],
      },
      async ({ parameters, c }) => {
        const announced = announcedOf(state, parameters)
        const pdf = await printed(announced, parameters.language)
        c.header('Cache-Control', 'no-cache')
        return c.body(bufferOf(pdf), 200, { 'Content-Type': 'application/pdf' })
      },
    ),
    operation(
      {
        method: 'GET',
        path: `${BASE}/:language/evidence.zip`,
        access: 'anybody',
        summary: 'Record, policy, protocol of the count and result in one file, with how to check them.',
        parameters: { ...electionName, language },
        query: {},
        success: [{ status: 200, description: 'A ZIP file.', type: 'application/zip' }],
      },
      async ({ parameters, c }) => {
        const announced = announcedOf(state, parameters)
        const { checkpoint } = await parts.verdicts.of(announced)
        const evidence = {
          record: recordFile(parts, checkpoint),
          policy: formatLogPolicy(parseVerifierKey(parts.board.ledger.verifierKey)),
          reportJson: jsonOf(await reportOf(announced)),
          reportPdf: await printed(announced, parameters.language),
        }
        const { evidencePack } = await import('./pack.ts')
        c.header('Cache-Control', 'no-cache')
        c.header('Content-Type', 'application/zip')
        return c.body(evidencePack(state, announced, evidence, parameters.language))
      },
    ),
    operation(
      {
        method: 'GET',
        path: `${BASE}/nist.json`,
        access: 'anybody',
        summary: 'The announced result in the common data format of NIST SP 1500-100.',
        parameters: electionName,
        query: {},
        success: [{ status: 200, description: 'An ElectionReport.', type: 'application/json' }],
      },
      ({ parameters, c }) => file(c, nistOf(state, announcedOf(state, parameters)), 'application/json'),
    ),
    operation(
      {
        method: 'GET',
        path: `${BASE}/:language/result.csv`,
        access: 'anybody',
        summary: 'The announced result as a table of all rounds.',
        parameters: { ...electionName, language },
        query: {},
        success: [{ status: 200, description: 'RFC 4180, with a heading.', type: 'text/csv' }],
      },
      ({ parameters, c }) => file(c, csvOf(announcedOf(state, parameters), parameters.language), 'text/csv'),
    ),
    operation(
      {
        method: 'GET',
        path: `${BASE}/:language/:contest/budget.pb`,
        access: 'anybody',
        summary: "A budget's result as a PaBuLib file; contests are counted from 1.",
        parameters: { ...electionName, language, contest },
        query: {},
        success: [{ status: 200, description: 'PaBuLib, without votes.', type: 'text/plain' }],
      },
      ({ parameters, c }) => {
        const text = pbOf(announcedOf(state, parameters), parameters.contest, parameters.language)
        if (text === undefined) throw new Problem('not-found', 'This contest is no counted budget.')
        return file(c, text, 'text/plain')
      },
    ),
  ]
}

function jsonOf(report: CountReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

/** A result that was announced never changes, but how we write it may. */
function file(c: Context, text: string, type: string): Response {
  c.header('Cache-Control', 'no-cache')
  return c.body(text, 200, { 'Content-Type': `${type}; charset=utf-8` })
}
