// Whom a request is from, as far as failures are held against somebody.
import { isIPv4 } from 'node:net'
import type { Context } from 'hono'

/** The source of a request. */
export function sourceOf(c: Context, proxies: readonly string[]): string {
  const bindings = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  const address = bindings?.incoming?.socket?.remoteAddress ?? 'unknown'
  return sourceAt(address, c.req.header('x-forwarded-for'), proxies)
}

/** What counts as one source: an IPv4 address, or the 64-bit network of an IPv6 address, whose holder has all of it.
 *  @param forwarded the X-Forwarded-For header, believed if the address is a known proxy's */
export function sourceAt(address: string, forwarded: string | undefined, proxies: readonly string[]): string {
  const hops = forwarded?.split(',').map((hop) => hop.trim()) ?? []
  let source = plainAddress(address)
  // The last hop that no proxy of ours has written itself.
  while (proxies.includes(source)) {
    const hop = hops.pop()
    if (hop === undefined) break
    source = plainAddress(hop)
  }
  return isIPv4(source) ? source : network(source)
}

/** An IPv4 address written as an IPv6 one is the IPv4 address. */
function plainAddress(address: string): string {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1]
  return mapped !== undefined && isIPv4(mapped) ? mapped : address
}

/** The first four of an IPv6 address's eight groups. */
function network(address: string): string {
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  if (tail !== undefined) {
    const after = tail.split(':').filter(Boolean)
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')
}
