import type { Agent } from './agent';

export const gemini: Agent = {
  name: 'gemini',
  package: '@google/gemini-cli',
  version: '0.61.0',
  program: () => '@google/gemini-cli/bundle/gemini.js',
  toolName: (name) => `mcp_python_${name}`,
  around: [/^<untrusted_context>\n/, /\n<\/untrusted_context>(\n\[Tool 'python.run' provided .*\])?$/],
  seesPictures: true,
  seesInstructions: true,
  files: () => ({
    '.gemini/settings.json': {
      general: { disableAutoUpdate: true, disableUpdateNag: true },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
    },
  }),
  httpFiles: ({ url, authorization }) => ({
    '.gemini/settings.json': {
      mcpServers: { python: { httpUrl: url, headers: { Authorization: authorization }, trust: true } },
    },
  }),
  env: ({ model }) => ({ GOOGLE_GEMINI_BASE_URL: model, GEMINI_API_KEY: 'none' }),
  args: (prompt) => ['-p', prompt, '--yolo', '--model', 'gemini-2.5-flash'],
};
