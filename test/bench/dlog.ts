// The largest discrete logarithm that a tally may need (SPEC 9.4), and a second one with the table at hand.
import { resourceUsage } from 'node:process'
import { G, multiply } from '#crypto/babyjubjub.ts'
import { discreteLog, MAX_BOUND } from '#crypto/dlog.ts'
import { type Bench, rounded, timed } from './bench.ts'

export const dlog: Bench = {
  name: 'dlog',
  what: 'the discrete logarithm that is found last below 2^40, first and second search; memory',
  async run(onProgress) {
    const search = async (m: bigint): Promise<number> => {
      const point = multiply(G, m)
      const { result, cpuMs } = await timed(() => discreteLog(point, MAX_BOUND))
      if (result !== m) throw new Error('not the logarithm')
      return cpuMs / 1000
    }
    onProgress('first search, with its table')
    const seconds = await search(MAX_BOUND)
    onProgress('second search')
    const cachedSeconds = await search(MAX_BOUND - 1n)
    return {
      seconds: rounded(seconds),
      cachedSeconds: rounded(cachedSeconds),
      peakMegabytes: Math.round(resourceUsage().maxRSS / 1024),
      bound: '2^40',
    }
  },
}
