// How a failure crosses from a worker to its page: with its code and fields, so that the page finds words for it.
// comlink itself keeps name, message and stack only.
import { type TransferHandler, transferHandlers } from 'comlink'

const usual = transferHandlers.get('throw') as TransferHandler<{ value: unknown }, object>

transferHandlers.set('throw', {
  ...usual,
  serialize({ value }) {
    if (!(value instanceof Error)) return usual.serialize({ value })
    const fields = Object.assign({}, value, { name: value.name, message: value.message })
    return [{ isError: true, value: fields }, []]
  },
} satisfies typeof usual)
