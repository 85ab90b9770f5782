import * as z from 'zod';

export interface ObjectSchema {
  readonly [keyword: string]: unknown;
  readonly type: 'object';
}

/**
 * @returns a zod object as the JSON Schema that clients are shown. Several of them refuse what is correct but unusual:
 * `$schema`, `propertyNames`, limits that only say "a safe integer".
 */
export function jsonSchemaOf(schema: z.ZodObject): ObjectSchema {
  const generated = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      delete jsonSchema.propertyNames;
      if (jsonSchema.type === 'integer') {
        delete jsonSchema.minimum;
        delete jsonSchema.maximum;
      }
    },
  });
  delete generated.$schema;
  return { ...generated, type: 'object' };
}
