// Who stands behind a setup, as the server says it beside an election's result (SPEC 10.2).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { publicInputCount } from '#circuits/ballot.ts'
import { readArtifacts } from '#circuits/build/artifacts.ts'
import { formatTranscript } from '#circuits/transcript.ts'
import { fromHex } from '#crypto/encoding.ts'
import { Attachments } from '#server/attachments.ts'
import { Setups } from '#server/setups.ts'
import { setupSummary } from '#server/summary.ts'
import { chain, keyFileOf } from '../circuits/contributors.ts'

test('contributors by name once the setup was found sound; until then it counts as development', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comitia-setups-'))
  try {
    const attachments = new Attachments(folder)
    const setups = await Setups.open((await readArtifacts({})).circuits, attachments)
    const put = async (file: Uint8Array) => fromHex(await attachments.put(file))
    const zero = new Uint8Array(32)
    const setup = {
      circuit: 'S' as const,
      ...{ r1cs: zero, witnessCode: zero, provingKey: zero },
      verificationKey: await put(new TextEncoder().encode(keyFileOf(publicInputCount('S'), 11n, 13n))),
      transcript: await put(formatTranscript(chain(['Ada', 11n], ['Ben', 13n]))),
    }
    const said = () => setupSummary(setup, setups.describe(setup))
    expect(said()).toMatchObject({ development: true, contributors: [] })
    expect(await setups.problems(setup)).toEqual([])
    expect(said()).toMatchObject({ development: false, contributors: ['Ada', 'Ben'] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
