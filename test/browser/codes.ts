// QR codes as a camera sees them: read from a picture of the page, never from what drew them.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const require = createRequire(import.meta.url)
prepareZXingModule({
  overrides: {
    wasmBinary: Uint8Array.from(readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'))).buffer,
  },
})

/** What the page's one code says, once the page is scrolled to it. */
export async function codeOn(page: Page): Promise<string> {
  await page.getByRole('img', { name: /QR code/ }).scrollIntoViewIfNeeded()
  const found = await readBarcodes(await page.screenshot(), { formats: ['QRCode'] })
  expect(found.map(({ isValid }) => isValid)).toEqual([true])
  return found[0]?.text ?? ''
}
