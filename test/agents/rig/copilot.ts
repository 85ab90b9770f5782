import type { Agent } from './agent';

export const copilot: Agent = {
  name: 'copilot',
  package: '@github/copilot',
  version: '1.0.102',
  program: () => '@github/copilot/npm-loader.js',
  toolName: (name) => `python-${name.replace('.', '-')}`,
  files: () => ({}),
  env: ({ model, home }) => ({
    COPILOT_OFFLINE: 'true',
    COPILOT_HOME: `${home}/.copilot`,
    COPILOT_PROVIDER_BASE_URL: `${model}/v1`,
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_PROVIDER_API_KEY: 'none',
    COPILOT_MODEL: 'scripted',
    COPILOT_AUTO_UPDATE: 'false',
  }),
  args: (prompt) => ['-p', prompt, '--allow-all-tools', '--no-auto-update'],
};
