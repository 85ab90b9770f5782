import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BoundedLines } from '../../src/mcp/lines';
import { refusalText, takeMessage } from '../../src/mcp/messages';
import { MessageScan } from '../../src/mcp/messageScan';

const members = ['id', 'method', 'result', 'error', 'params', 'jsonrpc', '\\u0069d', '__proto__', ''];
const value = fc.oneof(fc.jsonValue(), fc.constantFrom('"', '\\', '{"id":1}', 'ping', '2.0', 7, -0.5));
const object = fc
  .array(fc.tuple(fc.constantFrom(...members), value), { maxLength: 6 })
  .map((all) => `{${all.map(([name, each]) => `"${name}" : ${JSON.stringify(each)}`).join(' , ')}}`);

/** @returns the bytes in pieces of these lengths, as a pipe may bring them. */
function inPieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(from, from + length));
    from += length;
  }
  return [...pieces, bytes.subarray(from)];
}

describe('a message that is too long to be held', () => {
  it('is scanned for what parsing it would find, however it comes in', () => {
    fc.assert(
      fc.property(object, fc.array(fc.nat({ max: 9 })), (text, lengths) => {
        const scan = new MessageScan();
        for (const piece of inPieces(Buffer.from(text), lengths)) scan.add(piece);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const { id } = parsed;
        const isId = typeof id === 'string' || typeof id === 'number';
        assert.deepEqual(JSON.parse(scan.id), isId ? id : null);
        const has = (name: string): boolean => Object.hasOwn(parsed, name);
        assert.equal(scan.isUnanswered, has('method') ? !has('id') : has('result') || has('error'));
      }),
      { numRuns: 500 },
    );
  });

  it('gives up nothing but its answer where it is no JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
          fc.string().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          JSON.parse(new MessageScan().add(bytes).id);
        },
      ),
    );
  });
});

describe('a message', () => {
  it('is served, refused or ignored, whatever its bytes are', () => {
    const any = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      object.map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(any, (bytes) => {
        const taken = takeMessage(bytes);
        if ('refusal' in taken) {
          const { jsonrpc, error } = JSON.parse(refusalText(taken.refusal)) as {
            jsonrpc: string;
            error: { code: number };
          };
          assert.equal(jsonrpc, '2.0');
          assert.ok([-32700, -32600, -32602].includes(error.code));
        } else assert.ok('message' in taken || 'ignored' in taken);
      }),
      { numRuns: 500 },
    );
  });
});

describe('lines', () => {
  it('are taken apart as they stand, those over the limit in pieces', () => {
    const limit = 10;
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 25 })), fc.array(fc.nat({ max: 15 })), (texts, lengths) => {
        const wanted = texts.map((text) => text.replaceAll('\n', ''));
        const seen: string[] = [];
        const lines = new BoundedLines(limit, {
          line: (line) => {
            assert.ok(line.length <= limit);
            seen.push(line.toString());
          },
          long: () => {
            const pieces: Buffer[] = [];
            return {
              add: (bytes) => void pieces.push(Buffer.from(bytes)),
              end: () => {
                const all = Buffer.concat(pieces);
                assert.ok(all.length > limit);
                seen.push(all.toString());
              },
            };
          },
        });
        const bytes = Buffer.from(wanted.map((text) => `${text}\n`).join(''));
        for (const piece of inPieces(bytes, lengths)) lines.add(piece);
        assert.deepEqual(seen, wanted);
      }),
      { numRuns: 500 },
    );
  });
});
