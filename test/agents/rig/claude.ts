import type { Agent } from './agent';

export const claude: Agent = {
  name: 'claude',
  package: '@anthropic-ai/claude-code',
  version: '2.1.330',
  program: (platform) => `@anthropic-ai/claude-code-${platform}/claude`,
  toolName: (name) => `mcp__python__${name.replace('.', '_')}`,
  files: () => ({}),
  env: ({ model }) => ({
    ANTHROPIC_BASE_URL: model,
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_MODEL: 'scripted',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  }),
  args: (prompt) => ['-p', prompt, '--allowedTools', 'mcp__python'],
};
