// The OpenAPI 3.1 document of this server, written from the same schemas that its requests are checked with.
import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { SESSION_COOKIE } from './officials/sessions.ts'
import type { Operation } from './operation.ts'
import { problemSchema } from './problem.ts'

/** The document as plain data. */
export function openApi(operations: readonly Operation[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { definition } of operations) {
    const path = definition.path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')
    paths[path] = { ...paths[path], [definition.method.toLowerCase()]: describe(definition) }
  }
  const packageFile = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(packageFile) as { version: string }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Comitia',
      version,
      description:
        'Entries and receipts, the log, elections, registration, the record. A refusal is `{ code, message }`.',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemSchema) },
      securitySchemes: {
        operator: { type: 'http', scheme: 'bearer' },
        contributor: { type: 'http', scheme: 'bearer' },
        official: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
      },
    },
  }
}

function describe(definition: Operation['definition']): Record<string, unknown> {
  const { summary, parameters, query, body, success, access } = definition
  const places = [
    ...Object.entries(parameters).map(([name, schema]) => ({ name, in: 'path', schema })),
    ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema })),
  ]
  return {
    summary,
    ...(access !== 'anybody' && {
      security: [typeof access === 'string' ? { [access]: [] } : { official: [...access] }],
    }),
    parameters: places.map((place) => ({ ...place, required: true, schema: schemaOf(place.schema) })),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        description: `${body.description} At most ${body.maximum} bytes.`,
        content: { [body.type]: body.schema === undefined ? {} : { schema: schemaOf(body.schema) } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        success.map(({ status, description, type, schema }) => [
          String(status),
          {
            description,
            ...(type !== undefined && {
              content: { [type]: schema === undefined ? {} : { schema: schemaOf(schema) } },
            }),
          },
        ]),
      ),
      default: {
        description: 'Refused, and why.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** JSON Schema of what goes over the wire. */
function schemaOf(schema: z.ZodMiniType): Record<string, unknown> {
  const written = z.toJSONSchema(schema, { io: 'input' })
  delete written.$schema
  return written
}
