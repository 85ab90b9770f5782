import * as z from 'zod';
import { errors } from '../core/errors';
import { quoted } from '../core/files/quoted';
import type { PythonFolder } from '../core/folder';
import { refuseForeignFields } from './actions';
import { defineTool } from './defineTool';
import { durationField, folderField, resultFields } from './schemas';
import { venvText } from './venvText';

const input = z.strictObject({
  action: z.enum(['create', 'delete', 'info', 'list', 'select']).describe('What to do.'),
  path: z
    .string()
    .optional()
    .describe(
      'The venv, relative to the folder or absolute. Default ".venv"; info without it: the active one, and an overview of venvs, interpreters and requirements.',
    ),
  python: z
    .string()
    .optional()
    .describe('create: interpreter as command ("python3.12"), version ("3.12") or path. Default: the user\'s setting.'),
  system_site_packages: z.boolean().default(false).describe("create: let it see the base interpreter's packages."),
  folder: folderField,
});

const listed = z.object({
  path: z.string(),
  python_version: z.string().nullable(),
  packages_count: z.number().int(),
  active: z.boolean(),
  broken: z.string().optional(),
});

const requirements = z.object({
  files: z.array(z.string()),
  satisfied: z.boolean().optional(),
  unknown: z.array(z.string()).optional(),
  unsatisfied_files: z.array(z.string()).optional(),
  missing: z.array(z.string()).optional(),
  conflicting: z
    .array(z.object({ requirement: z.string(), installed: z.string().nullable(), required_by: z.string().optional() }))
    .optional(),
});

const output = z.object({
  ...resultFields,
  exists: z.boolean().optional(),
  path: z.string().optional(),
  python_version: z.string().nullable().optional(),
  packages_count: z.number().int().optional(),
  size_mb: z.number().optional(),
  created: z.string().optional().describe('ISO 8601, UTC.'),
  active: z
    .union([z.boolean(), z.string()])
    .nullable()
    .optional()
    .describe('info: whether it is the active one; list: the active one, relative inside the folder, or null.'),
  prompt: z.string().optional(),
  base_python: z.string().nullable().optional(),
  system_site_packages: z.boolean().optional(),
  broken: z.string().optional().describe('Why it cannot run.'),
  venvs: z.array(listed).optional(),
  requirements: requirements.optional().describe('Whether the active venv meets what the files of the folder require.'),
  interpreters: z.array(z.object({ version: z.string(), path: z.string() })).optional(),
  count: z.number().int().optional(),
  deleted: z.boolean().optional(),
  created_with: z.enum(['uv', 'venv']).optional(),
  duration_ms: durationField,
});

export type VenvInput = z.output<typeof input>;
export type VenvOutput = z.output<typeof output>;

/** The fields that only some actions take. */
const takenBy = {
  path: ['create', 'delete', 'info', 'select'],
  python: ['create'],
  system_site_packages: ['create'],
} as const;

/** `python.venv`: create, delete, info, list, select. */
export const venvTool = defineTool({
  name: 'python.venv',
  title: 'Python virtual environments',
  description:
    'Create, delete, inspect, list or select a Python virtual environment (venv) of the folder. The active venv is the one that ' +
    'python.run and python.pip use: the one selected or created last, else .venv, venv, .virtualenv, virtualenv. create makes ' +
    '.venv with pip inside and makes it active; delete removes only real venvs inside the folder.',
  besideOthers:
    'Where configure_python_environment, create_virtual_environment or get_python_environment_details are offered, they are for conda and the like; venvs are for this.',
  userDescription: 'Creates, deletes, inspects, lists and selects virtual environments.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input,
  output,
  example: { action: 'create', path: '.venv', python: '3.12' },
  paths: ({ path }) => [path],

  check(call) {
    refuseForeignFields(call, takenBy, { path: '.venv' });
    if (call.path?.trim() === '') {
      throw errors.invalidInput('"path" is empty.', 'Leave it out for ".venv", or name the venv\'s folder.');
    }
    if (call.python?.trim() === '') {
      throw errors.invalidInput('"python" is empty.', 'Leave it out, or give a version such as "3.12".');
    }
    if (`${call.path ?? ''}${call.python ?? ''}`.includes('\0')) {
      throw errors.invalidInput(
        'A path holds a NUL character.',
        'Name the folder as it is shown by {"action": "list"}.',
      );
    }
  },

  async handle(call, folder, { signal, onProgress }) {
    const { venvs } = folder;
    switch (call.action) {
      case 'list':
        return { fields: { success: true, ...(await venvs.list()) } };
      case 'info':
        return { fields: { success: true, ...(await infoOf(folder, call.path, signal)) } };
      case 'select':
        return { fields: { success: true, ...(await venvs.select(call.path ?? '.venv')) } };
      case 'delete':
        return { fields: await folder.deleteVenv(call.path ?? '.venv', { signal, onProgress }) };
      case 'create': {
        const request = {
          path: call.path ?? '.venv',
          systemSitePackages: call.system_site_packages,
          signal,
          onProgress,
          ...(call.python === undefined ? {} : { python: call.python }),
        };
        return { fields: { success: true, ...(await folder.createVenv(request)) } };
      }
    }
  },

  text: venvText,
});

async function infoOf(folder: PythonFolder, path: string | undefined, signal: AbortSignal) {
  if (path === undefined) return await folder.overview(signal);
  const info = await folder.venvs.info(path, signal);
  // What does not exist is no more than what the caller wrote.
  return info.exists ? info : { ...info, path: quoted(info.path, info.path.length) };
}
