import type * as z from 'zod';
import { errors } from '../core/errors';
import { nearestNames } from '../core/nearestNames';
import type { ToolDefinition } from './defineTool';

/** One client adds this to every call. */
const dropped = new Set(['wait_for_previous']);

/**
 * @returns the input of a call, checked. A field that is null counts as not given: clients in a strict mode must send
 * every field.
 * @throws ToolError invalid_input that names the rule and shows a call that works.
 */
export function parseInput<Input extends z.ZodObject>(
  { name, input, example }: Pick<ToolDefinition<Input>, 'name' | 'input' | 'example'>,
  raw: unknown,
): z.output<Input> {
  const correct = `A call that works: ${name} ${JSON.stringify(example)}.`;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw errors.invalidInput('The input must be an object.', correct);
  }
  const known = Object.keys(input.shape);
  const given = Object.entries(raw).filter(([field, value]) => value !== null && !dropped.has(field));
  const unknown = given.map(([field]) => field).filter((field) => !known.includes(field));
  if (unknown[0] !== undefined) throw unknownField(unknown[0], known);
  const parsed = input.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw errors.invalidInput(issue ? sentence(issue) : 'The input is not valid.', correct);
}

function unknownField(field: string, known: readonly string[]): Error {
  const [nearest] = nearestNames(field, known);
  const hint = nearest === undefined ? '' : `Did you mean "${nearest}"? `;
  return errors.invalidInput(`There is no field "${field}".`, `${hint}The fields are ${known.join(', ')}.`);
}

function sentence(issue: z.core.$ZodIssue): string {
  const field = issue.path.length > 0 ? `"${issue.path.map(String).join('.')}"` : 'The input';
  if (issue.code === 'invalid_value') {
    return `${field} must be one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}.`;
  }
  if (issue.code === 'invalid_type') return `${field} must be ${article(issue.expected)}.`;
  if (issue.code === 'too_small') return `${field} must be greater than ${String(issue.minimum)}.`;
  return `${field}: ${issue.message}.`;
}

function article(type: string): string {
  if (type === 'record') return 'an object of strings';
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
