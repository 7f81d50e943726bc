// What a device keeps for its owner: IndexedDB, each record under AES-GCM with a key that WebCrypto never gives out.
// For workers only. It guards against a look into the browser's files and against swapped or altered records, not
// against a program that runs as this origin or as the owner of the machine.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

const DRAWERS = ['credential', 'drafts', 'ballots', 'receipts', 'deeds', 'guardians', 'settings'] as const
/** The drawers: one for each kind of thing that is kept. */
export type Drawer = (typeof DRAWERS)[number]

/** Bytes by drawer and name. Every method rejects with `VaultFailure`. */
export interface Vault {
  /** The record; undefined where there is none. */
  get(drawer: Drawer, name: string): Promise<Uint8Array | undefined>
  /** Keeps a record, in place of an earlier one of this name. It is on disk when this resolves. */
  put(drawer: Drawer, name: string, bytes: Uint8Array): Promise<void>
  /** Takes a record away, if there is one, readable or not. */
  delete(drawer: Drawer, name: string): Promise<void>
  /** Names of all records of a drawer, in order of their UTF-16 units. */
  keys(drawer: Drawer): Promise<string[]>
}

/** `vault-damaged`: something is there and cannot be read; `vault-unavailable`: the browser keeps nothing here. */
export class VaultFailure extends Error {
  override readonly name = 'VaultFailure'
  readonly code: 'vault-damaged' | 'vault-unavailable'

  constructor(code: VaultFailure['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

type Contents = Record<Drawer, { key: string; value: Uint8Array<ArrayBuffer> }>
interface Shelves extends DBSchema, Contents {
  key: { key: string; value: CryptoKey }
}

const NONCE = 12
const TAG = 16

/** This origin's vault, made empty where there is none. */
export async function openVault(): Promise<Vault> {
  const db = await reach(() =>
    openDB<Shelves>('comitia', 2, {
      upgrade(made) {
        for (const name of ['key', ...DRAWERS] as const)
          if (!made.objectStoreNames.contains(name)) made.createObjectStore(name)
      },
      blocking(_, __, event) {
        ;(event.target as IDBDatabase).close()
      },
    }),
  )
  const key = await keyOf(db)
  return {
    async get(drawer, name) {
      const kept: unknown = await reach(() => db.get(drawer, name))
      return kept === undefined ? undefined : open(key, drawer, name, kept)
    },
    async put(drawer, name, bytes) {
      const sealed = await seal(key, drawer, name, bytes)
      await reach(async () => {
        const writing = db.transaction(drawer, 'readwrite', { durability: 'strict' })
        await Promise.all([writing.store.put(sealed, name), writing.done])
      })
    },
    delete: (drawer, name) => reach(() => db.delete(drawer, name)),
    keys: (drawer) => reach(() => db.getAllKeys(drawer)),
  }
}

/** The vault's one key. Two tabs that open it for the first time get the same. */
async function keyOf(db: IDBPDatabase<Shelves>): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const kept: unknown = await reach(async () => {
    const looking = db.transaction('key', 'readwrite', { durability: 'strict' })
    const known = await looking.store.get('key')
    if (known === undefined) await looking.store.put(fresh, 'key')
    await looking.done
    return known ?? fresh
  })
  if (kept instanceof CryptoKey) return kept
  throw new VaultFailure('vault-damaged', "the vault's key is none")
}

async function seal(key: CryptoKey, drawer: Drawer, name: string, bytes: Uint8Array) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE))
  const parameters = { name: 'AES-GCM', iv, additionalData: placeOf(drawer, name) }
  const body = new Uint8Array(await crypto.subtle.encrypt(parameters, key, new Uint8Array(bytes)))
  const sealed = new Uint8Array(NONCE + body.length)
  sealed.set(iv)
  sealed.set(body, NONCE)
  return sealed
}

async function open(key: CryptoKey, drawer: Drawer, name: string, sealed: unknown): Promise<Uint8Array> {
  try {
    if (!(sealed instanceof Uint8Array) || sealed.length < NONCE + TAG) throw new TypeError('not a record')
    const copy = new Uint8Array(sealed)
    const parameters = {
      name: 'AES-GCM',
      iv: copy.subarray(0, NONCE),
      additionalData: placeOf(drawer, name),
    }
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, copy.subarray(NONCE)))
  } catch (cause) {
    throw new VaultFailure('vault-damaged', `${drawer}/${name} cannot be read`, cause)
  }
}

/** Binds a record to where it lies. No drawer's name has a zero byte. */
function placeOf(drawer: Drawer, name: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`comitia/vault/v1\0${drawer}\0${name}`)
}

async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new VaultFailure('vault-unavailable', 'the browser keeps nothing here', cause)
  }
}
