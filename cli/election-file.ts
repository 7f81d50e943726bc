// The file from which an official defines an election: YAML or JSON with readable times, money and keys, and pictures as
// files beside it.
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import * as z from 'zod/mini'
import { fromHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { checkManifest } from '#protocol/contest.ts'
import { type Manifest, manifestSchema } from '#protocol/manifest.ts'
import { defaultQuorum } from '#protocol/manifest.ts'
import { Unusable } from './command.ts'
import { problemSentence } from './manifest-problem.ts'

const label = z.union([z.string(), z.record(z.string(), z.string())])
type Label = z.output<typeof label>
const time = z.union([z.string(), z.date()])

const fileSchema = z.strictObject({
  process: z.string(),
  processTitle: z.optional(z.string()),
  election: z.string(),
  title: label,
  description: label,
  languages: z._default(z.array(z.string()), ['en']),
  organiser: z.string(),
  practice: z._default(z.boolean(), false),
  opensAt: time,
  closesAt: time,
  revoting: z._default(z.enum(['last', 'first']), 'last'),
  guardians: z.array(z.strictObject({ name: z.string(), key: z.string() })),
  threshold: z.int(),
  quorum: z.optional(z.int()),
  minBallots: z._default(z.int(), 20),
  contests: z.array(
    z.strictObject({
      title: label,
      description: z.optional(label),
      roll: z.string(),
      options: z.array(
        z.strictObject({
          id: z.string(),
          title: label,
          description: z.optional(label),
          cost: z.optional(z.int()),
          picture: z.optional(z.strictObject({ file: z.string(), alt: label })),
          point: z.optional(z.strictObject({ lat: z.number(), lon: z.number() })),
        }),
      ),
      order: z._default(z.enum(['fixed', 'rotated']), 'fixed'),
      rule: z.looseObject({ type: z.string() }),
      blank: z._default(z.boolean(), false),
      weighted: z._default(z.boolean(), false),
      count: z.looseObject({ name: z.string() }),
      currency: z.optional(z.string()),
    }),
  ),
})

type File = z.output<typeof fileSchema>
type Option = File['contests'][number]['options'][number]
type Picture = NonNullable<Option['picture']>
type Texts = Record<string, string>

/** An election as its file defines it. */
export interface ElectionFile {
  readonly process: string
  readonly processTitle: string
  readonly election: string
  readonly manifest: Manifest
  /** The files that the manifest names by their SHA-256. */
  readonly pictures: readonly Uint8Array[]
}

/** Reads the file and the pictures that it names. Throws `Unusable` with every problem that the manifest check finds. */
export async function readElectionFile(path: string): Promise<ElectionFile> {
  const file = parse(new TextDecoder().decode(await bytesOf(path)))
  const {
    process,
    processTitle,
    election,
    opensAt,
    closesAt,
    guardians,
    threshold,
    quorum,
    contests,
    ...rest
  } = file
  const texts = (value: Label): Texts =>
    typeof value === 'string' ? Object.fromEntries(rest.languages.map((l) => [l, value])) : value
  const labels = ({ title, description }: { title: Label; description?: Label | undefined }) => ({
    title: texts(title),
    ...(description !== undefined && { description: texts(description) }),
  })
  const pictures: Uint8Array[] = []
  const pictureOf = async ({ file, alt }: Picture): Promise<{ hash: Uint8Array; alt: Texts }> => {
    const picture = await bytesOf(resolve(dirname(path), file))
    pictures.push(picture)
    return { hash: sha256(picture), alt: texts(alt) }
  }
  const optionOf = async ({ picture, point, ...option }: Option) => ({
    ...option,
    ...labels(option),
    ...(picture && { picture: await pictureOf(picture) }),
    ...(point && { point: { lat: microdegrees(point.lat), lon: microdegrees(point.lon) } }),
  })
  const contestOf = async ({ options, ...contest }: File['contests'][number]) => ({
    ...contest,
    ...labels(contest),
    options: await Promise.all(options.map(optionOf)),
  })
  const manifest = z.safeDecode(manifestSchema, {
    ...rest,
    title: texts(rest.title),
    description: texts(rest.description),
    opensAt: instant(opensAt),
    closesAt: instant(closesAt),
    guardians: guardians.map(({ name, key }) => ({ name, key: hex(key) })),
    threshold,
    quorum: quorum ?? defaultQuorum(guardians.length, threshold),
    contests: await Promise.all(contests.map(contestOf)),
  } as z.input<typeof manifestSchema>)
  if (!manifest.success) throw problem(manifest.error)
  const problems = checkManifest(manifest.data)
  if (problems.length > 0)
    throw new Unusable(
      `The election cannot be held as the file says:\n  ${problems.map(problemSentence).join('\n  ')}`,
    )
  return {
    ...{ process, processTitle: processTitle ?? process, election },
    ...{ manifest: manifest.data, pictures },
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw new Unusable(`Cannot read ${path}: ${error instanceof Error ? error.message : ''}`)
  })
}

function parse(text: string): File {
  let plain: unknown
  try {
    plain = parseYaml(text)
  } catch (error) {
    throw new Unusable(`The file is neither YAML nor JSON: ${error instanceof Error ? error.message : ''}`)
  }
  const file = z.safeParse(fileSchema, plain)
  if (!file.success) throw problem(file.error)
  return file.data
}

function problem(error: z.core.$ZodError): Unusable {
  const lines = error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`)
  return new Unusable(`The file does not describe an election:\n  ${lines.join('\n  ')}`)
}

/** Degrees as the manifest has them. Never -0, which no CBOR integer is. */
export function microdegrees(degrees: number): number {
  return Math.round(degrees * 1e6) + 0
}

function instant(value: string | Date): number {
  const time = new Date(value).getTime()
  if (Number.isNaN(time))
    throw new Unusable(`"${String(value)}" is no time; write it as 2026-12-01T09:00:00+01:00.`)
  return time
}

function hex(key: string): Uint8Array {
  try {
    return fromHex(key)
  } catch {
    throw new Unusable(`"${key}" is no key in hexadecimal.`)
  }
}
