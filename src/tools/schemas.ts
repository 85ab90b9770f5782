import * as z from 'zod';
import { errorKinds } from '../core/errors';

/** Fields that more than one tool has. */

export const folderField = z
  .string()
  .optional()
  .describe('Name or path of a workspace folder; needed only if several are open.');

export const resultFields = {
  success: z.boolean(),
  notes: z.array(z.string()).optional(),
  error: z
    .object({ kind: z.enum(errorKinds), message: z.string(), hint: z.string().optional() })
    .optional()
    .describe('Why the call could not do what was asked, and the next step.'),
};

/** The active venv as results name it. */
export const venvField = z
  .string()
  .nullable()
  .optional()
  .describe('The venv used, relative to the folder (absolute outside it); null: the base interpreter.');

export const distribution = z.object({ name: z.string(), version: z.string() });

export const durationField = z.number().int().optional();
