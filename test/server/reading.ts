// PDF files as readers and screen readers see them, by a library that has nothing to do with the one that writes them.
import { getDocumentProxy } from 'unpdf'

interface Node {
  readonly role?: string
  readonly children?: readonly Node[]
}

export interface Read {
  readonly title: string
  readonly language: string | null
  readonly tagged: boolean
  /** Text of each page. */
  readonly pages: readonly string[]
  /** Roles in the structure, each once. */
  readonly roles: ReadonlySet<string>
}

export async function readPdf(bytes: Uint8Array): Promise<Read> {
  const document = await getDocumentProxy(new Uint8Array(bytes), { useSystemFonts: false, verbosity: 0 })
  const { info } = await document.getMetadata()
  const { Title: title = '', Language: language = null } = info as { Title?: string; Language?: string }
  const pages: string[] = []
  const roles = new Set<string>()
  const collect = ({ role, children = [] }: Node): void => {
    if (role !== undefined) roles.add(role)
    children.forEach(collect)
  }
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(' '))
    collect((await page.getStructTree()) as Node)
  }
  const marks = await document.getMarkInfo()
  const tagged = marks?.Marked === true
  return { title, language, tagged, pages, roles }
}
