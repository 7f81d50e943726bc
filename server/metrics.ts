// What an operator's monitoring reads from /metrics (Prometheus). All of it could be told from the public record too.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Board } from './board.ts'

export interface Metrics {
  /** One request answered: the route's pattern, not its path. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void
  /** One request refused with this code. */
  refused(code: string): void
  /** Text of all metrics and its content type. */
  read(): Promise<string>
  readonly contentType: string
}

/** Metrics of one server. */
export function openMetrics(board: Board): Metrics {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const seconds = new Histogram({
    name: 'comitia_http_request_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const refusals = new Counter({
    name: 'comitia_refusals_total',
    help: 'Requests refused, by code',
    labelNames: ['code'],
    registers,
  })
  const gauges: [name: string, help: string, value: () => number][] = [
    ['comitia_entries', 'Entries that are durable', () => board.ledger.size],
    ['comitia_ballots', 'Ballots accepted', () => board.state.bodies.size],
    ['comitia_entries_in_flight', 'Entries between gate and disk', () => board.inFlight],
  ]
  for (const [name, help, value] of gauges) {
    const collect = function (this: Gauge): void {
      this.set(value())
    }
    new Gauge({ name, help, registers, collect })
  }
  return {
    answered: ({ method, route, status, seconds: took }) =>
      seconds.observe({ method, route, status: String(status) }, took),
    refused: (code) => refusals.inc({ code }),
    read: () => register.metrics(),
    contentType: register.contentType,
  }
}
