// Signing in with the server's identity provider (server/identity/): the browser goes there and comes back to /sign-in.
import type { SignedInView, SignInOffer } from '#server/identity/operations.ts'
import { get, post } from './api.ts'

export type { SignInOffer }

export const signInOffer = () => get<SignInOffer>('/api/sign-in')

/** Leaves for the provider. */
export async function leaveToSignIn(purpose: SignedInView['purpose']): Promise<void> {
  const { address } = await post<{ address: string }>('/api/sign-in', { purpose })
  location.assign(address)
}

/** Hands in the query with which the browser came back. */
export const endSignIn = (answer: string) => post<SignedInView>('/api/sign-in/answer', { answer })
