// SPEC 10.2, 10.3: our short ways end in the very bytes that snarkjs writes on its long ones: the initial key from powers of
// tau, a beacon, the verification key. So what is said of its keys and verified by it holds for ours.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groth16, zKey } from 'snarkjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Compiled, compileFile } from '#circuits/build/compile.ts'
import { DELTA } from '#circuits/build/development.ts'
import { developmentPowers } from '#circuits/build/powers.ts'
import { DEVELOPMENT_NAME, developmentKey, initialDevelopmentKey } from '#circuits/build/trapdoor.ts'
import { applyBeacon, contribute, contributeSecret } from '#circuits/contribute.ts'
import { parseContainer } from '#circuits/container.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { checkTranscript } from '#circuits/transcript.ts'
import { transcriptOf, verificationKeyOf } from '#circuits/zkey.ts'
import { checkProof, encodeProof, parseVerificationKey } from '#crypto/groth16.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'

/** One public output and input, a wire that only A or only B meets, and a domain larger than the constraints. */
const TINY = `pragma circom 2.1.9;
template Tiny() {
  signal input a; signal input b; signal input c; signal output out;
  signal ab <== a * b; signal abc <== ab * (c + 3);
  out <== abc * abc + 7 * a;
}
component main {public [a]} = Tiny();
`

let folder = ''
let tiny: Compiled
let initial: Uint8Array
const at = (name: string) => join(folder, name)
const hashOf = (bytes: Uint8Array) => toHex(sha256(bytes))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comitia-snarkjs-test-'))
  await writeFile(at('tiny.circom'), TINY)
  tiny = await compileFile(at('tiny.circom'), { cache: folder })
  initial = await initialDevelopmentKey(await readFile(tiny.r1cs))
})
afterAll(async () => {
  await releaseCurve()
  await rm(folder, { recursive: true })
})

test('the initial key is what `groth16 setup` makes of the development powers of tau', async () => {
  const powers = await developmentPowers(tiny.power + 1, { prepared: true })
  await zKey.newZKey(tiny.r1cs, powers, at('initial.zkey'))
  expect(hashOf(initial)).toBe(hashOf(await readFile(at('initial.zkey'))))
})

test('the development key is the initial one after one contribution, on every machine', async () => {
  const key = await developmentKey(await readFile(tiny.r1cs))
  expect(hashOf(key)).toBe(hashOf(await contributeSecret(initial, DEVELOPMENT_NAME, DELTA)))
  expect(hashOf(key)).toBe('5c5ac20cd9348faf301771a66ddf2b78544bc64e20442b5ec95007856029c7a7')
  const { proof, publicSignals } = await groth16.fullProve({ a: 2, b: 3, c: 4 }, tiny.wasm, key)
  const inputs = publicSignals.map(BigInt)
  expect(inputs).toEqual([1778n, 2n])
  const vk = parseVerificationKey(verificationKeyOf(key))
  expect(checkProof(vk, encodeProof(proof), inputs)).toBe(true)
  expect(checkProof(vk, encodeProof(proof), [1779n, 2n])).toBe(false)
})

test('the verification key is what `zkey export verificationkey` gives', async () => {
  const exported = (await zKey.exportVerificationKey(initial)) as Record<string, unknown>
  delete exported['vk_alphabeta_12']
  expect(JSON.parse(verificationKeyOf(initial))).toEqual(exported)
})

test('a beacon adds what `zkey beacon` adds', async () => {
  await writeFile(at('contributed.zkey'), await contribute(initial, 'Ada'))
  await zKey.beacon(at('contributed.zkey'), at('beacon.zkey'), 'beacon', '00c0ffee', 11)
  const ours = await applyBeacon(
    await readFile(at('contributed.zkey')),
    Uint8Array.of(0, 0xc0, 0xff, 0xee),
    11,
  )
  const [expected, found] = [await readFile(at('beacon.zkey')), ours].map((bytes) =>
    parseContainer('zkey', bytes),
  )
  for (const [id, bytes] of expected ?? [])
    expect([id, hashOf(found?.get(id) ?? bytes.slice(1))]).toEqual([id, hashOf(bytes)])
})

test('our contribution and beacon satisfy `zkey verify`; a contribution by snarkjs leaves its name unprotected', async () => {
  const powers = await developmentPowers(tiny.power, { prepared: true })
  await writeFile(
    at('closed.zkey'),
    await applyBeacon(await contribute(initial, 'Ada'), Uint8Array.of(1), 10),
  )
  expect(await zKey.verifyFromR1cs(tiny.r1cs, powers, at('closed.zkey'))).toBe(true)

  await writeFile(at('first.zkey'), await contribute(initial, 'Ada'))
  await zKey.contribute(at('first.zkey'), at('second.zkey'), 'Ben', 'entropy')
  const second = await readFile(at('second.zkey'))
  const problems = checkTranscript(transcriptOf(second), parseVerificationKey(verificationKeyOf(second)))
  expect(problems).toEqual(['contribution 2 (Ben) was made under another name'])
})
