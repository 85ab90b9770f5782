import type { Agent } from './agent';

const toolName = (name: string): string => `mcp__python__${name.replace('.', '_')}`;

export const claude: Agent = {
  name: 'claude',
  package: '@anthropic-ai/claude-code',
  version: '2.1.330',
  program: (platform) => `@anthropic-ai/claude-code-${platform}/claude`,
  toolName,
  search: { call: 'ToolSearch', input: { query: 'run python, virtual environment, pip install', max_results: 5 } },
  around: [/^(\[Image: source: [^\]]*\])?/, /$/],
  seesPictures: true,
  seesInstructions: true,
  files: () => ({}),
  httpFiles: ({ url, authorization }) => ({
    '.claude.json': {
      mcpServers: { python: { type: 'http', url, headers: { Authorization: authorization } } },
    },
  }),
  env: ({ model }) => ({
    ANTHROPIC_BASE_URL: model,
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_MODEL: 'scripted',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  }),
  args: (prompt) => ['-p', prompt, '--allowedTools', 'mcp__python'],
};
