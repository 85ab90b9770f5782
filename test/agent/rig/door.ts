import { contributes } from '../../../package.json';
import { tools } from '../../../src/tools';
import { jsonSchemaOf } from '../../../src/tools/jsonSchema';

/** A call as the stories tell it, whatever the door. */
export interface Call {
  readonly tool: 'run' | 'venv' | 'pip';
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a person reads before a call. */
export interface Question {
  readonly title: string;
  /** Parts of the message. */
  readonly says: readonly string[];
}

/** What the model reads of a call. */
export interface Told {
  readonly text: string;
  readonly exitCode?: number;
  /** Kind of an error. */
  readonly error?: string;
  readonly next?: string;
}

/** A way by which Copilot sees the tools. */
export interface Door {
  /** The value of `pythonTools.chat.integration`. */
  readonly integration: 'languageModelTools' | 'mcp';
  readonly prefix: string;
  /** What a model is offered, by name. */
  readonly offer: readonly { readonly name: string; readonly description: string; readonly parameters: unknown }[];
  /** @param own what the extension itself would ask, where VS Code lets it. */
  question(call: Call, own: Question): Question;
  read(text: string): Told;
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : 1;

export const languageModelTools: Door = {
  integration: 'languageModelTools',
  prefix: 'python_',
  offer: contributes.languageModelTools
    .map(({ name, modelDescription, inputSchema }) => ({
      name,
      description: modelDescription,
      parameters: inputSchema,
    }))
    .sort(byName),
  question: (_call, own) => own,
  read(text) {
    const exitCode = /^\[exit code (-?\d+)/m.exec(text)?.[1];
    return told(text, {
      exitCode: exitCode === undefined ? undefined : Number(exitCode),
      error: /^Error \((\w+)\): /m.exec(text)?.[1],
      next: /^Next: (.*)$/m.exec(text)?.[1],
    });
  },
};

/** VS Code names the tools after the server, and asks in words of its own: the tool's title and the input as JSON. */
export const mcp: Door = {
  integration: 'mcp',
  prefix: 'mcp_python_tools_python_',
  offer: tools
    .map(({ name, description, input }) => ({
      name: `mcp_python_tools_${name.replace('.', '_')}`,
      description,
      parameters: jsonSchemaOf(input),
    }))
    .sort(byName),
  question({ tool, input }) {
    const title = tools.find(({ name }) => name === `python.${tool}`)?.title ?? '';
    return { title: `Run ${title}`, says: Object.entries(input).map(([field, value]) => shownField(field, value)) };
  },
  read(text) {
    if (!text.startsWith('{')) return { text }; // In VS Code's words: the call did not get here.
    const result = JSON.parse(text) as {
      exit_code?: number;
      hint?: string;
      error?: { kind: string; hint?: string };
    };
    return told(text, {
      exitCode: result.exit_code,
      error: result.error?.kind,
      next: result.hint ?? result.error?.hint,
    });
  },
};

/** As VS Code formats JSON that fits on a line. */
const shownField = (field: string, value: unknown): string => {
  const shown = Array.isArray(value)
    ? `[ ${value.map((item) => JSON.stringify(item)).join(', ')} ]`
    : JSON.stringify(value);
  return `${JSON.stringify(field)}: ${shown}`;
};

function told(text: string, facts: { readonly [Name in Exclude<keyof Told, 'text'>]: Told[Name] | undefined }): Told {
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { text, ...known };
}

/** @returns the call that a next step shows, such as `python_pip {"action": "install", …}`. */
export function callIn(next: string | undefined): Call {
  const [, tool, input] = /python[._](run|venv|pip) (\{.*\})/.exec(next ?? '') ?? [];
  if (input === undefined) throw new Error(`No call in the next step: ${next ?? '(none)'}`);
  return { tool: tool as Call['tool'], input: JSON.parse(input) as Call['input'] };
}
