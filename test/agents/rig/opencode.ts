import type { Agent } from './agent';

export const opencode: Agent = {
  name: 'opencode',
  package: 'opencode-ai',
  version: '1.18.33',
  program: (platform) => `opencode-${platform}/bin/opencode`,
  toolName: (name) => `python_${name.replace('.', '_')}`,
  seesPictures: true,
  seesInstructions: true,
  limitFile: ({ workspace }) => `${workspace}/opencode.json`,
  files: ({ model }) => ({
    '.config/opencode/opencode.json': {
      autoupdate: false,
      share: 'disabled',
      model: 'scripted/scripted',
      small_model: 'scripted/scripted',
      provider: {
        scripted: {
          npm: '@ai-sdk/openai-compatible',
          options: { baseURL: `${model}/v1`, apiKey: 'none' },
          models: {
            scripted: {
              name: 'Scripted',
              tool_call: true,
              attachment: true,
              modalities: { input: ['text', 'image'], output: ['text'] },
            },
          },
        },
      },
    },
  }),
  httpFiles: ({ url, authorization }) => ({
    '.config/opencode/opencode.json': {
      mcp: { python: { type: 'remote', url, headers: { Authorization: authorization }, oauth: false } },
    },
  }),
  env: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
  }),
  args: (prompt) => ['run', prompt],
};
