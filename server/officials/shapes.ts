// What the operations of officials have in common: roles, media type and shapes.
import * as z from 'zod/mini'
import { natural, slug, text } from '#protocol/codec.ts'

/** All who have an account. */
export const EVERYBODY = ['owner', 'registrar', 'moderator', 'auditor'] as const
/** Those who may read what is kept of voters. */
export const READERS = ['owner', 'registrar', 'auditor'] as const
/** Those who decide or register. */
export const SIGNERS = ['owner', 'registrar'] as const
/** All whom the record names: each signs what their role may. */
export const NAMED = ['owner', 'registrar', 'moderator'] as const
export const role = z.enum(EVERYBODY)
export const newcomer = z.strictObject({ id: slug, name: text(200), role })
/** Milliseconds since 1970, or another count. */
export const instant = natural(Number.MAX_SAFE_INTEGER)

/** A request's body of JSON. */
export function body<T>(schema: z.ZodMiniType<T>, description: string, maximum = 65_536) {
  return { type: 'application/json', maximum, schema, description }
}

/** A success with a body of JSON. */
export function answers(schema: z.ZodMiniType, status = 200, description = 'Here it is.') {
  return [{ status, description, type: 'application/json', schema }] as const
}

/** A success without one. */
export const DONE = [{ status: 204, description: 'Done.' }] as const
