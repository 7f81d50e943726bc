// Whether a publisher's JSON is an OCDS 1.1 document: by the schema of the standard, and exact in every number. It compiles
// the schema with a library, so only programs on a server or a command line load it.
// https://standard.open-contracting.org/1.1/en/schema/
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { EncodingError } from '#crypto/encoding.ts'
import { publishReleases } from '#protocol/promise.ts'
import { NumberText, parseDecimal, parseExactly, sameDecimal } from './decimal.ts'
import { publicationOf } from './ocds.ts'
import recordPackage from './ocds-schema/record-package-schema.json' with { type: 'json' }
import releasePackage from './ocds-schema/release-package-schema.json' with { type: 'json' }
import release from './ocds-schema/release-schema.json' with { type: 'json' }

/** What is wrong where, as a JSON pointer (RFC 6901), in English. */
export interface OcdsProblem {
  readonly path: string
  readonly message: string
}

export interface OcdsRead {
  /** None if it is sound. */
  readonly problems: readonly OcdsProblem[]
  readonly document: unknown
}

/** Problems that are told: somebody mends the first ones first. */
const MOST = 100

/** Versioned releases are read by nobody here, so they are not checked. */
const VERSIONED =
  'https://standard.open-contracting.org/schema/1__1__5/versioned-release-validation-schema.json'

/** Reads a release package, a record package, a record or a release. */
export function readOcds(text: string): OcdsRead {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return { problems: [{ path: '', message: 'is no JSON' }], document: undefined }
  }
  const valid = validatorFor(document)
  const errors = valid(document) ? [] : (valid.errors ?? [])
  const problems = [...errors.map(problemOf), ...inexact(text), ...unnamed(document)]
  return { problems: problems.slice(0, MOST), document }
}

/** What it is follows from the members that it has. */
function validatorFor(document: unknown): ValidateFunction {
  const members = new Set(typeof document === 'object' && document !== null ? Object.keys(document) : [])
  if (members.has('records')) return validators().recordPackage
  if (!members.has('releases')) return validators().release
  return members.has('ocid') ? validators().record : validators().releasePackage
}

interface Validators {
  readonly release: ValidateFunction
  readonly releasePackage: ValidateFunction
  readonly record: ValidateFunction
  readonly recordPackage: ValidateFunction
}
let compiled: Validators | undefined

function validators(): Validators {
  if (compiled !== undefined) return compiled
  const ajv = new Ajv({ allErrors: true, strict: false })
  addFormats.default(ajv)
  // Written in draft 4, of which it uses what later drafts have too, but for the names of these two.
  for (const schema of [release, releasePackage, recordPackage]) {
    const members = Object.entries(schema).filter(([name]) => name !== 'id' && name !== '$schema')
    ajv.addSchema({ ...Object.fromEntries(members), $id: schema.id })
  }
  ajv.addSchema({ $id: VERSIONED })
  const find = (id: string) => {
    const validate = ajv.getSchema(id)
    if (validate === undefined) throw new Error(`no schema ${id}`)
    return validate
  }
  compiled = {
    release: find(release.id),
    releasePackage: find(releasePackage.id),
    record: find(`${recordPackage.id}#/definitions/record`),
    recordPackage: find(recordPackage.id),
  }
  return compiled
}

function problemOf({ instancePath, message = '', params }: ErrorObject): OcdsProblem {
  const allowed = 'allowedValues' in params ? `: ${(params['allowedValues'] as unknown[]).join(', ')}` : ''
  return { path: instancePath, message: message + allowed }
}

/** Numbers with more digits than programs keep that read JSON: their canonical text would be another number (RFC 7493). */
function inexact(text: string): OcdsProblem[] {
  const problems: OcdsProblem[] = []
  const walk = (value: unknown, path: string): void => {
    if (value instanceof NumberText) {
      const [said, kept] = [parseDecimal(value.text), parseDecimal(String(Number(value.text)))]
      if (said === undefined || kept === undefined || !sameDecimal(said, kept))
        problems.push({ path, message: `has more digits than can be exchanged: ${value.text}` })
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value))
        walk(one, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    }
  }
  walk(parseExactly(text), '')
  return problems
}

/** Why an act could not name its releases. */
function unnamed(document: unknown): OcdsProblem[] {
  try {
    const said = publicationOf(document)
    if (said.releases.length === 0) return [{ path: '', message: 'holds no release' }]
    const named = publishReleases.shape.releases.safeParse(said.releases)
    const [issue] = named.error?.issues ?? []
    if (issue === undefined) return []
    return [{ path: '', message: `its releases cannot be named: ${issue.path.join('.')} ${issue.message}` }]
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error
    return [{ path: '', message: error.message }]
  }
}
