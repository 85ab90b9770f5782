import type { ToolDefinition } from './defineTool';
import { jsonSchemaOf, type ObjectSchema } from './jsonSchema';

/** An entry of `contributes.languageModelTools` in package.json. */
export interface LanguageModelToolEntry {
  readonly name: string;
  readonly displayName: string;
  readonly toolReferenceName: string;
  readonly canBeReferencedInPrompt: true;
  readonly icon: string;
  readonly userDescription: string;
  readonly modelDescription: string;
  readonly tags: readonly string[];
  readonly when: string;
  readonly inputSchema: ObjectSchema;
}

/** @returns the name of a tool for VS Code, which allows letters, digits, `_` and `-` only. */
export const languageModelName = ({ name }: Pick<ToolDefinition, 'name'>): string => name.replaceAll('.', '_');

/** @returns a tool as package.json declares it. */
export function manifestEntry(tool: ToolDefinition): LanguageModelToolEntry {
  return {
    name: languageModelName(tool),
    displayName: tool.title,
    toolReferenceName: tool.name.replace(/\.(.)/, (_, first: string) => first.toUpperCase()),
    canBeReferencedInPrompt: true,
    icon: '$(python)',
    userDescription: tool.userDescription,
    modelDescription: `${tool.description} ${tool.besideOthers}`,
    tags: ['python'],
    when: "isWorkspaceTrusted && config.pythonTools.enable && config.pythonTools.chat.integration != 'mcp'",
    inputSchema: jsonSchemaOf(tool.input),
  };
}

/** @returns the reference of the tools for the README: their fields with types and what they mean. */
export function referencePage(tools: readonly ToolDefinition[]): string {
  return tools.map((tool) => `${heading(tool)}\n\n${fieldTable(tool)}\n`).join('\n');
}

const heading = (tool: ToolDefinition): string => `### \`${tool.name}\`\n\n${tool.description}`;

function fieldTable(tool: ToolDefinition): string {
  const { properties } = jsonSchemaOf(tool.input);
  const rows = Object.entries(properties as Record<string, Record<string, unknown>>).map(
    ([name, schema]) =>
      `| \`${name}\` | ${typeOf(schema)} | ${(typeof schema['description'] === 'string' ? schema['description'] : '').replaceAll('|', '\\|')} |`,
  );
  return ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function typeOf(schema: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => `\`${String(value)}\``).join(', ');
  if (schema['type'] === 'array') return 'list of strings';
  return schema['type'] === 'object' ? 'object of strings' : String(schema['type']);
}
