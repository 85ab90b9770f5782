import type { Agent } from './agent';

export const copilot: Agent = {
  name: 'copilot',
  package: '@github/copilot',
  version: '1.0.102',
  program: () => '@github/copilot/npm-loader.js',
  toolName: (name) => `python-${name.replace('.', '-')}`,
  seesPictures: false,
  seesInstructions: false,
  limitFile: ({ home }) => `${home}/.copilot/mcp-config.json`,
  files: () => ({}),
  httpFiles: ({ url, authorization }) => ({
    '.copilot/mcp-config.json': {
      mcpServers: { python: { type: 'http', url, headers: { Authorization: authorization }, tools: ['*'] } },
    },
  }),
  env: ({ model }) => ({
    COPILOT_OFFLINE: 'true',
    COPILOT_PROVIDER_BASE_URL: `${model}/v1`,
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_PROVIDER_API_KEY: 'none',
    COPILOT_MODEL: 'scripted',
    COPILOT_AUTO_UPDATE: 'false',
  }),
  args: (prompt) => ['-p', prompt, '--allow-tool', 'python', '--no-auto-update'],
};
