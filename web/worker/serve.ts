// The worker's end of start.ts: says that it listens, then answers.
import { expose } from 'comlink'
import './failure.ts'

/** Answers calls for as long as the worker lives; what a method throws reaches the page with its code and fields. */
export function serve(api: object): void {
  accept((port) => expose(api, port))
}

/** Takes the port that `makeWorker` gives to the other side. */
export function accept(use: (port: MessagePort) => void): void {
  addEventListener('message', ({ ports: [port] }) => port && use(port), { once: true })
  postMessage('listening')
}
