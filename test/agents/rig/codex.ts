import type { Agent } from './agent';

/** Its time limits are too long to wait for, and progress does not extend them. */
export const codex: Agent = {
  name: 'codex',
  package: '@openai/codex',
  version: '0.169.0',
  program: () => '@openai/codex/bin/codex.js',
  toolName: (name) => `mcp__python/${name.replace('.', '_')}`,
  search: { call: 'tool_search', input: { query: 'run python, virtual environment, pip install', limit: 8 } },
  around: [/^Wall time: .*\nOutput:\n/, /$/],
  seesPictures: false,
  seesInstructions: true,
  // The limits of a result depend on the model: this one's are those that its users have.
  files: ({ model }) => ({
    '.codex/config.toml': `model = "gpt-5.5"
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
  httpFiles: ({ url, authorization }) => ({
    '.codex/config.toml': `
[mcp_servers.python]
url = "${url}"
http_headers = { Authorization = "${authorization}" }
`,
  }),
  env: () => ({}),
  args: (prompt) => ['exec', '--json', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
};
