import * as z from 'zod';
import { errors } from '../core/errors';
import { refuseForeignFields } from './actions';
import { defineTool } from './defineTool';
import { pipText } from './pipText';
import { distribution, durationField, folderField, resultFields, venvField } from './schemas';

const input = z.strictObject({
  action: z.enum(['install', 'uninstall', 'list', 'freeze', 'show']).describe('What to do.'),
  packages: z
    .array(z.string())
    .default([])
    .describe('install: requirements ("requests>=2.31", "name @ URL", a local path). uninstall, show: names.'),
  requirements: z.string().optional().describe('install: path of a requirements file.'),
  upgrade: z.boolean().default(false).describe('install: upgrade what is there already. Default false.'),
  editable: z.string().optional().describe('install: path of a project to install in editable mode.'),
  dry_run: z.boolean().default(false).describe('install: only say what would change. Default false.'),
  folder: folderField,
});

const listedOrShown = z.object({
  name: z.string(),
  version: z.string().optional(),
  editable_project_location: z.string().optional(),
  summary: z.string().optional(),
  home_page: z.string().optional(),
  author: z.string().optional(),
  author_email: z.string().optional(),
  license: z.string().optional(),
  location: z.string().optional(),
  requires: z.array(z.string()).optional(),
  required_by: z.array(z.string()).optional(),
  error: z.string().optional(),
});

const output = z.object({
  ...resultFields,
  installed: z
    .array(distribution.extend({ download_bytes: z.number().int().optional() }))
    .optional()
    .describe('New or changed, dependencies too.'),
  replaced: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })).optional(),
  removed: z.array(distribution).optional(),
  already_satisfied: z.array(z.string()).optional(),
  uninstalled: z.array(distribution).optional(),
  not_installed: z.array(z.string()).optional(),
  packages: z.array(listedOrShown).optional().describe('list: names and versions; show: details, or the error.'),
  requirements: z.string().optional().describe('freeze: a requirements file.'),
  count: z.number().int().optional(),
  dry_run: z.boolean().optional(),
  builds: z.array(z.string()).optional().describe('Plan: what is built from source; its code ran for the plan.'),
  download_bytes: z.number().int().optional().describe('Plan: in total, where all sizes are known.'),
  installer: z.enum(['uv', 'pip']).optional(),
  venv: venvField,
  duration_ms: durationField,
});

export type PipInput = z.output<typeof input>;
export type PipOutput = z.output<typeof output>;

/** The fields that only some actions take. */
const takenBy = {
  packages: ['install', 'uninstall', 'show'],
  requirements: ['install'],
  upgrade: ['install'],
  editable: ['install'],
  dry_run: ['install'],
} as const;

/** `python.pip`: install, uninstall, list, freeze, show. */
export const pipTool = defineTool({
  name: 'python.pip',
  title: 'Python packages',
  description:
    'Install, uninstall, list, freeze or show Python packages (pip, uv) in the active virtual environment, never in the system ' +
    'Python. install takes packages, a requirements file, an editable project, or several of these, and creates .venv first where ' +
    'there is no venv; dry_run shows the plan without changing anything. Prefer it over pip in a shell.',
  besideOthers: 'Where install_python_packages is offered, it is for conda environments; venvs are for this.',
  userDescription: 'Installs, uninstalls and lists packages in the active virtual environment.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input,
  output,
  example: { action: 'install', packages: ['requests>=2.31'] },
  paths: ({ requirements, editable }) => [requirements, editable],

  check(call) {
    refuseForeignFields(call, takenBy);
    const { action, packages } = call;
    if ((action === 'uninstall' || action === 'show') && packages.length === 0) {
      throw errors.invalidInput(
        `"packages" is needed for the action "${action}".`,
        `For example {"action": "${action}", "packages": ["requests"]}.`,
      );
    }
    if (
      action === 'install' &&
      packages.length === 0 &&
      call.requirements === undefined &&
      call.editable === undefined
    ) {
      throw errors.invalidInput(
        'Nothing to install: none of "packages", "requirements" and "editable" was given.',
        'For example {"action": "install", "packages": ["requests"]} or {"action": "install", "requirements": "requirements.txt"}.',
      );
    }
    for (const field of ['requirements', 'editable'] as const) {
      if (call[field]?.trim() === '' || call[field]?.includes('\0') === true) {
        throw errors.invalidInput(
          `"${field}" is empty or holds a NUL character.`,
          'Give a path relative to the folder.',
        );
      }
    }
  },

  async handle(call, folder, { signal, onProgress, wheelsOnly }) {
    switch (call.action) {
      case 'list':
        return { fields: { success: true, ...(await folder.listPackages(signal)) } };
      case 'freeze':
        return { fields: { success: true, ...(await folder.freezePackages(signal)) } };
      case 'show':
        return { fields: { success: true, ...(await folder.showPackages(call.packages, signal)) } };
      case 'uninstall':
        return {
          fields: {
            success: true,
            ...(await folder.uninstallPackages({ packages: call.packages, signal, onProgress })),
          },
        };
      case 'install': {
        const request = {
          packages: call.packages,
          requirements: call.requirements,
          editable: call.editable,
          upgrade: call.upgrade,
          dryRun: call.dry_run,
          ...(call.dry_run && wheelsOnly ? { onlyBinary: true } : {}),
          signal,
          onProgress,
        };
        return { fields: { success: true, ...(await folder.installPackages(request)) } };
      }
    }
  },

  text: pipText,
});
