import type { Agent } from './agent';

export const codex: Agent = {
  name: 'codex',
  package: '@openai/codex',
  version: '0.169.0',
  program: () => '@openai/codex/bin/codex.js',
  toolName: (name) => `mcp__python/${name.replace('.', '_')}`,
  files: ({ model }) => ({
    '.codex/config.toml': `model = "scripted"
model_provider = "scripted"
check_for_update_on_startup = false
[model_providers.scripted]
name = "Scripted"
base_url = "${model}/v1"
wire_api = "responses"
[analytics]
enabled = false
`,
  }),
  env: ({ home }) => ({ CODEX_HOME: `${home}/.codex` }),
  args: (prompt) => ['exec', '--json', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
};
