// Lists of voters as spreadsheets really save them, and as somebody might who means harm.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linesOf, problemsOf, readTable, type TableError, withCodes } from '#web/officials/rolls/table.ts'

const FIRST = { row: 0, weight: undefined, address: undefined, language: 'en', identity: undefined } as const

function file(content: string | Uint8Array): Blob {
  return new Blob([content as BlobPart])
}

/** UTF-16 with its mark, as spreadsheets save "Unicode text". */
function utf16(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'))
}

function refused(content: string | Uint8Array): Promise<TableError['code']> {
  return readTable(file(content)).then(
    () => Promise.reject(new Error('it was read')),
    (error: unknown) => (error as TableError).code,
  )
}

describe('how it is written', () => {
  test.each([
    ['commas', 'number,name\n7,Åke\n'],
    ['semicolons and CRLF', 'number;name\r\n7;Åke\r\n'],
    ['tabs, no last line end', 'number\tname\n7\tÅke'],
    ['a byte order mark', '\uFEFFnumber,name\n7,Åke\n'],
    ['quotation marks', '"number","name"\n"7","Åke"\n'],
    ['blank lines', '\nnumber,name\n\n7,Åke\n\n'],
    ['UTF-16', utf16('number\tname\r\n7\tÅke\r\n')],
  ])('%s', async (_, content) => {
    const { header, rows, guessed } = await readTable(file(content))
    expect(header).toEqual(['number', 'name'])
    expect(rows.map(({ fields }) => fields)).toEqual([['7', 'Åke']])
    expect(guessed).toBe(false)
  })

  test('what is not UTF-8 is read as Windows writes it, and that is said', async () => {
    const { rows, guessed } = await readTable(file(new Uint8Array(Buffer.from('name\nÅke\n', 'latin1'))))
    expect(rows[0]?.fields).toEqual(['Åke'])
    expect(guessed).toBe(true)
  })

  test('a separator, a quotation mark and a line end within quotes belong to the field', async () => {
    const { rows } = await readTable(file('a,b\n"x, ""y""\nz",2\nlast,3\n'))
    expect(rows).toEqual([
      { line: 2, fields: ['x, "y"\nz', '2'] },
      { line: 4, fields: ['last', '3'] },
    ])
  })

  test('what is no table is refused', async () => {
    expect(await refused('')).toBe('table-empty')
    expect(await refused('heading\n')).toBe('table-empty')
    expect(await refused('a,b\n"left open,1\n')).toBe('table-unreadable')
    expect(await refused('a,b\nx"y,1\n')).toBe('table-unreadable')
    expect(await refused(new Uint8Array(32 * 2 ** 20 + 1))).toBe('table-large')
  })

  test('one line of 30 megabytes ends soon, as one row that is too long', async () => {
    const { header, rows } = await readTable(file(`id\n${'x'.repeat(30 * 2 ** 20)}\n`))
    expect(problemsOf({ header, rows }, FIRST)).toEqual([{ line: 2, problem: 'long' }])
  })
})

describe('rows', () => {
  test('every problem is found with its line, and nothing else', async () => {
    const { header, rows } = await readTable(
      file(
        `id,votes\nok,1\n,1\nok,2\n${'y'.repeat(201)},1\nbad\u0007bell,1\nw0,0\nw1,65536\nw2,1.5\nw3,\nw4,65535\n`,
      ),
    )
    expect(problemsOf({ header, rows }, { ...FIRST, weight: 1 })).toEqual([
      { line: 3, problem: 'empty' },
      { line: 4, problem: 'twice' },
      { line: 5, problem: 'long' },
      { line: 6, problem: 'unprintable' },
      { line: 7, problem: 'weight' },
      { line: 8, problem: 'weight' },
      { line: 9, problem: 'weight' },
      { line: 10, problem: 'weight' },
    ])
  })

  test('addresses and languages are looked at, and go along where there are any', async () => {
    const { header, rows } = await readTable(
      file(
        'id;mail;tongue\n1;ada@x.example;FI\n2;;\n3;ada\n4;ada@x.example;eo\n5;a@x.example, b@x.example;en\n',
      ),
    )
    const mapping = { ...FIRST, address: 1, language: 2 }
    expect(problemsOf({ header, rows }, mapping)).toEqual([
      { line: 4, problem: 'address' },
      { line: 5, problem: 'language' },
      { line: 6, problem: 'address' },
    ])
    expect(linesOf(rows.slice(0, 2), mapping)).toBe('1,1,ada@x.example,fi\n2,1\n')
    expect(linesOf(rows.slice(0, 1), { ...mapping, language: 'gd' })).toBe('1,1,ada@x.example,gd\n')
  })

  test('how people are known where they sign in is looked at, and goes along where it is said', async () => {
    const table = await readTable(
      file('id;mail;key\n1;ada@x.example; 4711 \n2;;4712\n3;;\n4;;4711\n5;;\u0007\n'),
    )
    const { rows } = table
    const mapping = { ...FIRST, address: 1, identity: 2 }
    expect(problemsOf(table, mapping)).toEqual([
      { line: 5, problem: 'identity' },
      { line: 6, problem: 'identity' },
    ])
    expect(linesOf(rows.slice(0, 3), mapping)).toBe('1,1,ada@x.example,en,4711\n2,1,,,4712\n3,1\n')
  })

  test('the same person in two writings is the same', async () => {
    const { header, rows } = await readTable(file('id\nÅke\nA\u030Ake\n Åke \n'))
    expect(problemsOf({ header, rows }, FIRST).map(({ line, problem }) => [line, problem])).toEqual([
      [3, 'twice'],
      [4, 'twice'],
    ])
  })

  test('any identifier comes back from its line as it was', async () => {
    const id = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((text) => text.normalize('NFC').trim())
      .filter((text) => text !== '' && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text))
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(id, { minLength: 1 }), async (ids) => {
        const quoted = ids.map((one) => `"${one.replaceAll('"', '""')}"\n`).join('')
        const { header, rows } = await readTable(file(`id\n${quoted}`))
        expect(problemsOf({ header, rows }, FIRST)).toEqual([])
        const lines = linesOf(rows, FIRST).trimEnd().split('\n')
        const back = lines.map((line) =>
          line.slice(0, -2).replace(/^"(.*)"$/, (_, inner: string) => inner.replaceAll('""', '"')),
        )
        expect(back).toEqual(ids)
      }),
    )
  })

  test('a hundred thousand of them', async () => {
    const ids = Array.from({ length: 100_000 }, (_, i) => `member-${i}`)
    const { header, rows } = await readTable(file(`id;name\n${ids.map((id) => `${id};Somebody\n`).join('')}`))
    expect(problemsOf({ header, rows }, FIRST)).toEqual([])
    expect(linesOf(rows, FIRST).length).toBe(ids.reduce((sum, id) => sum + id.length + 3, 0))
  })
})

test('codes come back beside the rows they are for, and no field is a formula', async () => {
  const table = await readTable(
    file('id,name\n1,=HYPERLINK("x")\n'.replaceAll('"', "'") + '2,"Comma, Inc"\n'),
  )
  const answer = '1,AAAA-BBBB\n2,CCCC-DDDD\n'
  expect(withCodes(table, answer, 'code')).toBe(
    "id,name,code\r\n1,'=HYPERLINK('x'),AAAA-BBBB\r\n2,\"Comma, Inc\",CCCC-DDDD\r\n",
  )
  expect(() => withCodes(table, '1,AAAA-BBBB\n', 'code')).toThrow()
})

test('codes stand under their own heading, however many fields a row has', async () => {
  const table = await readTable(file('Number,Name,Mail\n1,Åke,a@x.example\n2,Ola\n3,Eve,,\n'))
  expect(problemsOf(table, FIRST)).toEqual([])
  expect(withCodes(table, '1,AAAA\n2,BBBB\n3,CCCC\n', 'Code')).toBe(
    'Number,Name,Mail,Code\r\n1,Åke,a@x.example,AAAA\r\n2,Ola,,BBBB\r\n3,Eve,,CCCC\r\n',
  )
  const wide = await readTable(file('Number,Name\n1,Åke\n2,Ola,Oslo\n'))
  expect(problemsOf(wide, FIRST)).toEqual([{ line: 3, problem: 'columns' }])
})
