// SPEC 3.2, SPEC 10.1: strict reading of verification keys, and the checks of their sanity.
import { describe, expect, it } from 'vitest'
import { EncodingError } from '#crypto/encoding.ts'
import { checkProofs, checkVerificationKey, parseVerificationKey } from '#crypto/groth16.ts'
import { simulatedKey } from '../reference/simulate-proof.ts'

const { verificationKey } = simulatedKey(2)
type Json = Record<string, unknown> & { IC: string[][]; vk_alpha_1: string[]; vk_beta_2: string[][] }
const json = (): Json => JSON.parse(verificationKey) as Json
const parse = (change: (key: Json) => void) => {
  const key = json()
  change(key)
  return parseVerificationKey(JSON.stringify(key))
}
const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n

describe('parseVerificationKey', () => {
  it('reads what snarkjs writes, with and without the redundant pairing', () => {
    expect(parse(() => undefined).ic.length).toBe(3)
    expect(parse((key) => (key['vk_alphabeta_12'] = [[], []])).publicInputs).toBe(2)
  })

  const refused: [string, (key: Json) => void][] = [
    ['another protocol', (key) => (key['protocol'] = 'plonk')],
    ['another curve', (key) => (key['curve'] = 'bls12381')],
    ['an unknown field', (key) => (key['comment'] = '')],
    ['no number of inputs', (key) => delete key['nPublic']],
    ['a fraction of inputs', (key) => (key['nPublic'] = 1.5)],
    ['a negative number of inputs', (key) => (key['nPublic'] = -1)],
    ['inputs as text', (key) => (key['nPublic'] = '2')],
    ['no delta', (key) => delete key['vk_delta_2']],
    ['no IC', (key) => (key['IC'] = undefined as never)],
    ['IC as an object', (key) => (key['IC'] = {} as never)],
    ['a point with too few coordinates', (key) => key.vk_alpha_1.pop()],
    ['a point with too many coordinates', (key) => key.vk_alpha_1.push('1')],
    ['projective coordinates', (key) => (key.vk_alpha_1[2] = '7')],
    ['projective coordinates of G2', (key) => (key.vk_beta_2[2] = ['1', '1'])],
    ['a half coordinate of G2', (key) => key.vk_beta_2[0]?.pop()],
    ['a coordinate + q', (key) => (key.vk_alpha_1[0] = (BigInt(key.vk_alpha_1[0] ?? 0) + q).toString())],
    ['a leading zero', (key) => (key.vk_alpha_1[0] = `0${key.vk_alpha_1[0] ?? ''}`)],
    ['hexadecimal', (key) => (key.vk_alpha_1[0] = `0x${BigInt(key.vk_alpha_1[0] ?? 0).toString(16)}`)],
    ['a sign', (key) => (key.vk_alpha_1[0] = `+${key.vk_alpha_1[0] ?? ''}`)],
    ['an empty coordinate', (key) => (key.vk_alpha_1[0] = '')],
    ['a number for a coordinate', (key) => (key.vk_alpha_1[0] = 1 as never)],
  ]
  it.each(refused)('refuses %s', (_, change) => {
    expect(() => parse(change)).toThrow(EncodingError)
  })

  it.each(['', '{', '[]', 'null', '1', '"x"'])('refuses %j', (text) => {
    expect(() => parseVerificationKey(text)).toThrow(EncodingError)
  })
})

describe('checkVerificationKey', () => {
  it('finds nothing in a sound key', () => expect(checkVerificationKey(parse(() => undefined))).toEqual([]))

  const g1 = ['1', '2', '1']
  const neutral = ['0', '1', '0']
  const neutral2 = [
    ['0', '0'],
    ['1', '0'],
    ['0', '0'],
  ]
  const opposite = ([x = '', y = '', z = '']: string[]) => [x, (q - BigInt(y)).toString(), z]
  const unsound: [string, (key: Json) => void, RegExp][] = [
    ['alpha neutral', (key) => (key.vk_alpha_1 = neutral), /alpha is off its curve/],
    ['alpha off the curve', (key) => (key.vk_alpha_1[1] = '5'), /alpha is off its curve/],
    ['alpha the generator', (key) => (key.vk_alpha_1 = g1), /alpha is the generator/],
    ['beta neutral', (key) => (key.vk_beta_2 = neutral2), /beta is off its curve/],
    [
      'beta the generator',
      (key) => (key.vk_beta_2 = key['vk_gamma_2'] as string[][]),
      /beta is the generator/,
    ],
    ['gamma neutral', (key) => (key['vk_gamma_2'] = neutral2), /gamma is off its curve/],
    ['delta neutral', (key) => (key['vk_delta_2'] = neutral2), /delta is off its curve/],
    ['delta the generator', (key) => (key['vk_delta_2'] = key['vk_gamma_2']), /delta is the generator/],
    ['an IC point neutral', (key) => (key.IC[1] = neutral), /point of IC is off its curve or neutral/],
    ['an IC point off the curve', (key) => (key.IC[1] = ['1', '1', '1']), /point of IC is off its curve/],
    ['two equal IC points', (key) => (key.IC[1] = key.IC[2] ?? []), /equal or opposite/],
    ['two opposite IC points', (key) => (key.IC[1] = opposite(key.IC[2] ?? [])), /equal or opposite/],
    ['an IC point too many', (key) => key.IC.push(g1), /number of IC points/],
    ['an IC point too few', (key) => key.IC.pop(), /number of IC points/],
    ['no IC points', (key) => (key.IC = []), /number of IC points/],
  ]
  it.each(unsound)('finds %s, and no proof holds under it', (_, change, problem) => {
    const key = parse(change)
    expect(checkVerificationKey(key).join('; ')).toMatch(problem)
    expect(checkProofs(key, [])).toBe(false)
  })
})
