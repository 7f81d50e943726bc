// The house rules of CONTRIBUTING.md as pure functions: modules in, a sentence for each breach out.
// house.test.ts runs them on the repository, and on invented modules to show that each can fail.

import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import ts from 'typescript'

/** One import of a module: the specifier as written; whether it vanishes with the types, or is the URL of a worker. */
interface Import {
  readonly to: string
  readonly typeOnly: boolean
  readonly url: boolean
}

/** One source file: path from the root with '/', its text, its imports, and the global names it uses
 *  (used and nowhere declared in the file). */
export interface Module {
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
  readonly globals: ReadonlySet<string>
}

/** Libraries from the ground up: a folder imports those before it, never those after it; programs see all of them. */
const FLOORS: readonly (readonly string[])[] = [
  ['crypto'],
  ['circuits', 'ledger'],
  ['protocol'],
  ['tally'],
  ['client'],
  ['server', 'cli', 'web'],
]
const PROGRAMS = ['server', 'cli', 'web']
const LIBRARIES = FLOORS.flat().filter((folder) => !PROGRAMS.includes(folder))
const NODE_ALLOWED = [
  'circuits/build/',
  'crypto/core/build/',
  'ledger/store/',
  'ledger/engines/',
  'server/',
  'cli/',
  'test/',
]
const DRAWERS = /^(utils?|helpers?|common|services?|managers?|types?)$/
const MAX_LINES = 400

/** Parses a source file, of a Svelte component its scripts. Counts static and dynamic imports, re-exports, import types
 *  and `new URL(x, import.meta.url)`. */
export function parseModule(path: string, text: string): Module {
  const script = path.endsWith('.svelte') ? scriptsOf(text) : text
  const source = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  const [used, declared, ignored] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const add = (node: ts.Node | undefined, typeOnly: boolean, url = false) => {
    if (node && ts.isStringLiteralLike(node)) imports.push({ to: node.text, typeOnly, url })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)
    else if (
      ts.isNewExpression(node) &&
      node.expression.getText() === 'URL' &&
      node.arguments?.length === 2
    ) {
      const [file, base] = node.arguments
      if (base?.getText() === 'import.meta.url' && /\.ts'$/.test(file?.getText() ?? ''))
        add(file, false, true)
    } else if (ts.isIdentifier(node))
      (isDeclared(node) ? declared : isReference(node) ? used : ignored).add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { path, text, imports, globals: new Set([...used].filter((name) => !declared.has(name))) }
}

/** What makes and runs a server's data folder from the command line. */
const SERVER_COMMANDS = ['cli/start.ts', 'cli/restore.ts']

/** Imports run down the floors only; programs know each other only by `import type`, and two commands use the server. */
export function importDirection(modules: readonly Module[]): string[] {
  return eachImport(modules, (from, item, target) => {
    const [here, there] = [floorOf(from.path), floorOf(target)]
    if (here === undefined || there === undefined || folderOf(from.path) === folderOf(target))
      return undefined
    if (here > there) return undefined
    const betweenPrograms = here === there && PROGRAMS.includes(folderOf(target))
    if (
      betweenPrograms &&
      (item.typeOnly || (SERVER_COMMANDS.includes(from.path) && folderOf(target) === 'server'))
    )
      return undefined
    return `${from.path} imports ${betweenPrograms ? 'another program' : 'upwards or sideways'}: ${item.to}`
  })
}

/**
 * Across folders and upwards `#layer/file.ts`, inside a folder `./file.ts`; nothing imports test/. A path may climb in
 * test/, which has no `#` name, and in a worker's URL, which cannot have one; never out of the top folder.
 */
export function importSpelling(modules: readonly Module[]): string[] {
  return eachImport(modules, (from, item, target) => {
    const inTest = from.path.startsWith('test/')
    const sameFolder = folderOf(from.path) === folderOf(target)
    if (target.startsWith('test/') && !inTest) return `${from.path} imports a test: ${item.to}`
    if (/^\.\.?\//.test(item.to) && !sameFolder) return `${from.path} leaves its folder by a path: ${item.to}`
    if (item.to.startsWith('../') && !inTest && !item.url) return `${from.path} climbs by a path: ${item.to}`
    return undefined
  })
}

/**
 * No module reaches itself through imports, types included. One line names the whole circle. A worker or program started
 * by its URL loads its modules for itself, so it closes no circle.
 */
export function importCycles(modules: readonly Module[]): string[] {
  const edges = new Map(modules.map((module) => [module.path, targetsOf(module)]))
  const done = new Set<string>()
  const problems: string[] = []
  const visit = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) problems.push(`circle of imports: ${[...trail.slice(start), path].join(' > ')}`)
    if (start >= 0 || done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const module of modules) visit(module.path, [])
  return problems
}

/** Libraries and the web app run in a browser: no Node built-in and no Node global, except where a folder is made for Node. */
export function browserReady(modules: readonly Module[]): string[] {
  const nodeGlobals = ['Buffer', 'process', 'require', '__dirname', '__filename', 'setImmediate']
  const inBrowsers = modules.filter((module) => [...LIBRARIES, 'web'].includes(folderOf(module.path)))
  return inBrowsers.flatMap((module) => {
    if (NODE_ALLOWED.some((folder) => module.path.startsWith(folder))) return []
    const builtins = module.imports.map((item) => item.to).filter(isBuiltin)
    const globals = nodeGlobals.filter((name) => module.globals.has(name))
    return [...builtins, ...globals].map((name) => `${module.path} needs Node: ${name}`)
  })
}

/** The fold over the record knows no clock and no network: two observers must always come to the same state. */
export function clockFree(modules: readonly Module[]): string[] {
  const names = ['Date', 'performance', 'setTimeout', 'setInterval', 'fetch', 'WebSocket', 'XMLHttpRequest']
  return modules
    .filter((module) => ['protocol', 'tally'].includes(folderOf(module.path)))
    .flatMap((module) =>
      names.filter((name) => module.globals.has(name)).map((name) => `${module.path} uses ${name}`),
    )
}

/** The known tau of the development setup is built only for circuits/build, and for tests that forge with it. */
export function trapdoorImports(modules: readonly Module[]): string[] {
  return eachImport(modules, (from, _item, target) =>
    target === 'circuits/build/development.ts' && !/^(circuits\/build|test)\//.test(from.path)
      ? `${from.path} imports the trapdoor`
      : undefined,
  )
}

/** What browsers load where Node loads another file. */
const IN_BROWSERS: Readonly<Record<string, string>> = {
  '#poseidon': 'crypto/core/poseidon.ts',
  '#core-binary': 'crypto/core/binary.ts',
}

/** Others may build on what verifies a record: no package under the GPL is among what it imports, however far down, and the
 *  core is a whole by itself. Where Node hashes by another library than browsers, this asks what browsers load. */
export function freeVerifier(modules: readonly Module[]): string[] {
  const copyleft = ['snarkjs', 'ffjavascript', 'wasmcurves', 'circomlibjs']
  const known = new Map(modules.map((module) => [module.path, module]))
  const visited = new Set<string>()
  const visit = (path: string, trail: readonly string[]): string[] => {
    const module = known.get(path)
    if (module === undefined || visited.has(path)) return []
    visited.add(path)
    return module.imports.flatMap(({ to }) => {
      if (copyleft.includes(to)) return [`a verifier loads ${to}: ${[...trail, path].join(' > ')}`]
      const target = IN_BROWSERS[to] ?? resolveImport(path, to)
      return target === undefined ? [] : visit(target, [...trail, path])
    })
  }
  const dependent = eachImport(modules, (from, item, target) =>
    from.path.startsWith('crypto/core/') && !/^(crypto\/)?core\//.test(IN_BROWSERS[item.to] ?? target)
      ? `${from.path} needs more than the core: ${item.to}`
      : undefined,
  )
  const verifiers = modules.filter(({ path }) => /^(tally|web\/observer)\//.test(path))
  return [...verifiers.flatMap(({ path }) => visit(path, [])), ...dependent]
}

/** At most 400 lines a file, except the tables named. A table that no longer needs the exception must leave the list. */
export function fileLength(
  files: readonly { path: string; text: string }[],
  tables: readonly string[],
): string[] {
  const long = files
    .filter(({ text }) => text.trimEnd().split('\n').length > MAX_LINES)
    .map(({ path }) => path)
  return [
    ...long
      .filter((path) => !tables.includes(path))
      .map((path) => `${path} has more than ${MAX_LINES} lines`),
    ...tables.filter((path) => !long.includes(path)).map((path) => `${path} is no long table`),
  ]
}

/** No drawer for what nobody named: neither a folder nor a file. */
export function drawerNames(paths: readonly string[]): string[] {
  return paths.filter((path) => path.split('/').some((part) => DRAWERS.test(part.replace(/\..*$/, ''))))
}

/** Every source file begins with a comment that says what it is. */
export function headComments(files: readonly { path: string; text: string }[]): string[] {
  return files
    .filter(({ text }) => !/^(#!.*\n)?(\/\/|\/\*|<!--)/.test(text))
    .map(({ path }) => `${path} has no head comment`)
}

/** README's folder tree against the folders on disk; both lists of paths without a slash at the end. */
export function folderTree(readme: string, folders: readonly string[]): string[] {
  const block = /^## Folders\n[\s\S]*?```\w*\n([\s\S]*?)```/m.exec(readme)?.[1]
  if (block === undefined) return ['README.md has no tree under "## Folders"']
  const told: string[] = []
  const trail: string[] = []
  for (const line of block.split('\n')) {
    const [, indent = '', name] = /^( *)([\w.-]+)\//.exec(line) ?? []
    if (name === undefined) continue
    trail.splice(indent.length / 2, Infinity, name)
    told.push(trail.join('/'))
  }
  return [
    ...folders.filter((folder) => !told.includes(folder)).map((folder) => `README.md lacks ${folder}/`),
    ...told.filter((folder) => !folders.includes(folder)).map((folder) => `README.md tells of ${folder}/`),
  ]
}

/** Links of Markdown files, and pictures, to paths that do not exist. */
export function brokenLinks(
  files: readonly { path: string; text: string }[],
  paths: readonly string[],
): string[] {
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#\s:]+)(?:#[^)]*)?\)/g)]
        .map(([, link = '']) => posix.join(posix.dirname(path), link))
        .filter((link) => !paths.some((known) => `${known}/`.startsWith(`${link.replace(/\/$/, '')}/`)))
        .map((link) => `${path} links to ${link}, which does not exist`),
    )
}

/** Files that hold one of these words, whatever the case: names of one machine or of somebody's tools. */
export function wordsIn(
  files: readonly { path: string; text: string }[],
  words: readonly string[],
): string[] {
  return files.flatMap(({ path, text }) =>
    words
      .filter((word) => text.toLowerCase().includes(word.toLowerCase()))
      .map((word) => `${path} names ${word}`),
  )
}

function eachImport(
  modules: readonly Module[],
  rule: (from: Module, item: Import, target: string) => string | undefined,
): string[] {
  return modules.flatMap((from) =>
    from.imports.flatMap((item) => {
      const target = resolveImport(from.path, item.to)
      return (target === undefined ? undefined : rule(from, item, target)) ?? []
    }),
  )
}

function targetsOf(module: Module): string[] {
  return module.imports.flatMap((item) => (item.url ? [] : (resolveImport(module.path, item.to) ?? [])))
}

// undefined for packages and built-ins; Vite's questions after a path are not part of it
function resolveImport(from: string, to: string): string | undefined {
  const [path = ''] = to.split('?')
  if (path.startsWith('#')) return path.slice(1)
  return /^\.\.?\//.test(path) ? posix.join(posix.dirname(from), path) : undefined
}

function scriptsOf(component: string): string {
  return [...component.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)]
    .map(([, script = '']) => script)
    .join('\n')
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? ''
}

function floorOf(path: string): number | undefined {
  const floor = FLOORS.findIndex((folders) => folders.includes(folderOf(path)))
  return floor < 0 ? undefined : floor
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

function isDeclared(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent))
    return parent.name === node
  return ts.isFunctionDeclaration(parent) || ts.isImportSpecifier(parent) || ts.isImportClause(parent)
}

// An identifier that stands for a value of its own name: not a property, a key or a type.
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  return !(
    ts.isTypeReferenceNode(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isClassElement(parent) ||
    ts.isTypeElement(parent)
  )
}
