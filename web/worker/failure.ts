// How a failure crosses from a worker to its page: with its code and fields, so that the page finds words for it.
// comlink itself keeps name, message and stack only.
import { type TransferHandler, transferHandlers } from 'comlink'

const usual = transferHandlers.get('throw') as TransferHandler<{ value: unknown }, object>

transferHandlers.set('throw', {
  ...usual,
  serialize({ value }) {
    if (!(value instanceof Error)) return usual.serialize({ value })
    return [{ isError: true, value: { ...value, name: value.name, message: value.message } }, []]
  },
} satisfies typeof usual)
