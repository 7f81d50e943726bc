// OCDS documents (Open Contracting Data Standard 1.1) as the record names them: canonical bytes, and the releases in them.
// https://standard.open-contracting.org/1.1/en/
import { EncodingError, equalBytes, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import type { ActOf } from '#protocol/act.ts'
import { ensure } from '#protocol/refusal.ts'

/** A release, as far as its name goes. */
export interface Release {
  readonly ocid: string
  readonly id: string
}

/** Levels of arrays and objects in one another; deeper ones are nobody's honest data. */
const DEEPEST = 64

/** Canonical text of JSON data by RFC 8785. Throws `EncodingError` on what is no JSON, or not well-formed. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new EncodingError('nested too deep')
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one, depth + 1)).join(',')}]`
  if (isObject(value)) {
    // By UTF-16 units, as the RFC asks.
    const members = Object.keys(value).sort()
    return `{${members.map((name) => `${canonicalJson(name)}:${canonicalJson(value[name], depth + 1)}`).join(',')}}`
  }
  const sound =
    typeof value === 'string' ? value.isWellFormed() : typeof value !== 'number' || Number.isFinite(value)
  const text = sound ? (JSON.stringify(value) as string | undefined) : undefined
  if (text === undefined) throw new EncodingError('no JSON')
  return text
}

/** The canonical bytes of JSON data. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value))
}

/** All releases of a release package, a record package, a record or a lone release, in their order. Of a record that only
 *  links to its releases it is the compiled one. */
export function releasesOf(document: unknown): readonly Release[] {
  if (!isObject(document)) return []
  const { records, releases } = document
  if (Array.isArray(records)) return records.flatMap(releasesIn)
  if (Array.isArray(releases)) return releasesIn(document)
  return isRelease(document) ? [document] : []
}

/** What an act that publishes this document says of it. Throws `EncodingError`. */
export function publicationOf(document: unknown): Pick<ActOf<'publish-releases'>, 'file' | 'releases'> {
  return {
    file: sha256(canonicalBytes(document)),
    releases: releasesOf(document).map((release) => ({
      ...{ ocid: release.ocid, id: release.id },
      hash: sha256(canonicalBytes(release)),
    })),
  }
}

/** Throws `Refusal` unless this is the file that an act publishes, and holds just the releases that it names. SPEC 13.2. */
export function checkPublication(act: ActOf<'publish-releases'>, file: Uint8Array | undefined): void {
  ensure(file !== undefined && equalBytes(sha256(file), act.file), 'release-missing', toHex(act.file))
  const said = found(file)
  const same =
    said !== undefined &&
    equalBytes(said.file, act.file) &&
    said.releases.length === act.releases.length &&
    said.releases.every(({ ocid, id, hash }, i) => {
      const named = act.releases[i]
      return named?.ocid === ocid && named.id === id && equalBytes(named.hash, hash)
    })
  ensure(same, 'release-mismatch', toHex(act.file))
}

function found(file: Uint8Array): ReturnType<typeof publicationOf> | undefined {
  try {
    return publicationOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file)))
  } catch (error) {
    if (error instanceof EncodingError || error instanceof SyntaxError || error instanceof TypeError)
      return undefined
    throw error
  }
}

function releasesIn(record: unknown): Release[] {
  if (!isObject(record)) return []
  const { releases, compiledRelease } = record
  const whole = Array.isArray(releases) ? releases.filter(isRelease) : []
  if (whole.length > 0) return whole
  return isRelease(compiledRelease) ? [compiledRelease] : []
}

/** Not a link to one, which has an address in the place of an id. */
function isRelease(value: unknown): value is Release {
  return isObject(value) && typeof value['ocid'] === 'string' && typeof value['id'] === 'string'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
