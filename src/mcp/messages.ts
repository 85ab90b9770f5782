import {
  CallToolRequestSchema,
  ErrorCode,
  InitializeRequestSchema,
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  JSONRPCNotificationSchema,
  JSONRPCRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import type * as z from 'zod';
import { MessageScan } from './messageScan';

/** The largest message that is taken, in bytes: far more than a model writes, and little enough to hold in memory. */
export const largestMessage = 10 * 1024 ** 2;

/** Why a message is not served. */
export interface Refusal {
  /** The id of the request as JSON; "null" where it has none that an answer may carry. */
  readonly id: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** A message to serve, a refusal to answer with, or why there is no answer: notifications and responses have none. */
export type Taken = { readonly message: JSONRPCMessage } | { readonly refusal: Refusal } | { readonly ignored: string };

type Members = Readonly<Record<string, unknown>>;

/** What is served, and the parameters of each. The SDK checks them, too, but calls a wrong one an internal error. */
const served = new Map<string, z.ZodType>([
  ['initialize', InitializeRequestSchema],
  ['ping', PingRequestSchema],
  ['tools/list', ListToolsRequestSchema],
  ['tools/call', CallToolRequestSchema],
]);

/** @returns the JSON that answers a message with its refusal. */
export const refusalText = ({ id, code, message }: Refusal): string =>
  `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`;

/** @returns the refusal of a message that has more bytes than `limit`. */
export const tooLong = (limit: number, id = 'null'): Refusal => ({
  id,
  code: ErrorCode.InvalidRequest,
  message: `The message is longer than ${limit} bytes. Write long content to a file and pass the path of that file.`,
});

/**
 * Takes a message of JSON-RPC 2.0 as MCP restricts it: UTF-8, no batches (since protocol 2025-06-18), an id that is a
 * string or an integer, parameters by name. Never throws.
 */
export function takeMessage(bytes: Buffer): Taken {
  let value: unknown;
  try {
    // A byte order mark, which some shells of Windows put before the first line, is dropped.
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const message = `The message is not ${error instanceof SyntaxError ? 'JSON' : 'UTF-8'}.`;
    return { refusal: { id: 'null', code: ErrorCode.ParseError, message } };
  }
  if (Array.isArray(value)) return invalid('null', 'Batches are not supported: send one message at a time.');
  if (!isRecord(value)) return invalid('null', 'A message must be a JSON object.');
  if (isResponse(value)) return response(value);
  const taken = request(value, bytes);
  const isNotification = typeof value['method'] === 'string' && !Object.hasOwn(value, 'id');
  return isNotification && 'refusal' in taken ? { ignored: taken.refusal.message } : taken;
}

function request(value: Members, bytes: Buffer): Taken {
  const id = idOf(value, bytes);
  const { jsonrpc, method, params } = value;
  if (jsonrpc !== '2.0') return invalid(id, '"jsonrpc" must be "2.0".');
  if (typeof method !== 'string') return invalid(id, '"method" must be a string.');
  if (Object.hasOwn(value, 'id') && !isId(value['id'])) return invalid(id, '"id" must be a string or an integer.');
  if ('result' in value || 'error' in value) return invalid(id, 'A request has no "result" and no "error".');
  if (params !== undefined && (typeof params !== 'object' || params === null)) {
    return invalid(id, '"params" must be an object.');
  }
  const message = {
    jsonrpc,
    ...(Object.hasOwn(value, 'id') ? { id: value['id'] } : {}),
    method,
    ...(params === undefined ? {} : { params: withoutTask(params) }),
  };
  const envelope = ('id' in message ? JSONRPCRequestSchema : JSONRPCNotificationSchema).safeParse(message);
  if (!envelope.success) return invalidParameters(id, envelope.error);
  const checked = served.get(method)?.safeParse(message);
  return checked?.error ? invalidParameters(id, checked.error) : { message: envelope.data };
}

/** One that is malformed fails the request that it answers, so that nobody waits for another. */
function response(value: Members): Taken {
  if (isJSONRPCResultResponse(value) || isJSONRPCErrorResponse(value)) return { message: value };
  const { id } = value;
  if (!isId(id)) return { ignored: 'A response without an id.' };
  const error = { code: ErrorCode.InvalidRequest, message: 'The response is malformed.' };
  return { message: { jsonrpc: '2.0', id, error } };
}

const isResponse = (value: Members): boolean => !('method' in value) && ('result' in value || 'error' in value);

const isRecord = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const isId = (id: unknown): id is RequestId => typeof id === 'string' || Number.isSafeInteger(id);

/** A number that JavaScript would round is repeated as it was written. */
function idOf({ id }: Members, bytes: Buffer): string {
  if (typeof id !== 'number') return typeof id === 'string' ? JSON.stringify(id) : 'null';
  return Number.isSafeInteger(id) ? String(id) : new MessageScan().add(bytes).id;
}

/** No call is served as a task, and a receiver without tasks ignores the wish for one (MCP 2025-11-25, tasks). */
const withoutTask = (params: object): object =>
  Array.isArray(params) ? params : Object.fromEntries(Object.entries(params).filter(([key]) => key !== 'task'));

const invalid = (id: string, message: string): Taken => ({ refusal: { id, code: ErrorCode.InvalidRequest, message } });

/** Says where the parameters are wrong and why, in one line of bounded length. */
function invalidParameters(id: string, { issues: [first] }: z.ZodError): Taken {
  const message = `Invalid parameters: ${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`.slice(0, 200);
  return { refusal: { id, code: ErrorCode.InvalidParams, message } };
}
