import assert from 'node:assert/strict';
import fs, { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { OutputCapture, type CapturedOutput } from '../../src/core/process/capture';
import { clean, divide, endOf, renderOutput, startOf } from '../../src/tools/renderOutput';

const captured = async (content: string | Buffer): Promise<CapturedOutput> => {
  const capture = new OutputCapture('stdout', true);
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += 10_000) await capture.write(bytes.subarray(at, at + 10_000));
  return await capture.finish();
};

const render = async (stdout: string | Buffer, stderr: string | Buffer, budget: number) =>
  await renderOutput({ stdout: await captured(stdout), stderr: await captured(stderr) }, budget);

describe('the output that a model sees', () => {
  it('is the whole output where it fits', async () => {
    assert.deepEqual(await render('out\n', 'err\n', 100), { stdout: 'out\n', stderr: 'err\n', truncated: undefined });
  });

  it('gives the share that a short stream leaves to the long one', async () => {
    const long = 'x'.repeat(900);
    assert.deepEqual(await render(long, 'e', 1000), { stdout: long, stderr: 'e', truncated: undefined });
  });

  it('says so where there is no room to save what is left out', async () => {
    const open = fs.openSync;
    const { TMPDIR } = process.env;
    const temporary = (process.env['TMPDIR'] = fs.mkdtempSync(join(tmpdir(), 'no-room-')));
    fs.openSync = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    try {
      for (const bytes of [4000, 400_000]) {
        const { stdout, truncated } = await render('x'.repeat(bytes - 4) + 'end\n', '', 1000);
        assert.match(stdout, /^x+\n\[… \d+ bytes, 0 lines left out; it could not be saved …\]\nx*end\n$/);
        assert.equal(truncated, undefined);
      }
    } finally {
      fs.openSync = open;
      if (TMPDIR === undefined) Reflect.deleteProperty(process.env, 'TMPDIR');
      else process.env['TMPDIR'] = TMPDIR;
      rmSync(temporary, { recursive: true });
    }
  });

  it('takes no more than its budget where what is sent is longer than the text', async () => {
    const json = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;
    const streams = {
      stdout: await captured('{"key": "value"}\n'.repeat(900)),
      stderr: await captured('\0é'.repeat(900)),
    };
    const { stdout, stderr, truncated } = await renderOutput(streams, 4000, json);
    const weight = json(stdout) + json(stderr);
    assert.ok(weight <= 4000 && weight > 2800, String(weight));
    for (const { file } of Object.values(truncated ?? {})) rmSync(file);
  });

  it('is head and tail between which one line says what is left out and where it is', async () => {
    const lines = Array.from({ length: 10_000 }, (_, n) => `line ${n}\n`).join('');
    const { stdout, truncated } = await render(lines, '', 2000);
    assert.ok(truncated?.stdout);
    const [gap, ...others] = stdout.split('\n').filter((line) => line.startsWith('[…'));
    assert.ok(gap !== undefined && others.length === 0);
    const [, bytes, left] = /^\[… (\d+) bytes, (\d+) lines left out; all of it is in \S+ …\]$/.exec(gap) ?? [];
    const shown = stdout.replace(`${gap}\n`, '');
    assert.equal(Number(bytes) + Buffer.byteLength(shown), Buffer.byteLength(lines));
    assert.equal(Number(left) + shown.split('\n').length - 1, 10_000);
    assert.ok(stdout.startsWith('line 0\n') && stdout.endsWith('line 9999\n'));
    assert.equal(truncated.stdout.bytes, Buffer.byteLength(lines));
    assert.equal(readFileSync(truncated.stdout.file, 'utf8'), lines);
    rmSync(truncated.stdout.file);
  });

  it('never exceeds its budget, whatever is written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 3000 }),
        fc.string({ unit: 'grapheme', maxLength: 3000 }),
        fc.integer({ min: 1200, max: 4000 }),
        async (out, err, budget) => {
          const { stdout, stderr, truncated } = await render(out, err, budget);
          for (const stream of Object.values(truncated ?? {})) rmSync(stream.file);
          assert.ok(Buffer.byteLength(stdout) + Buffer.byteLength(stderr) <= budget);
          if (!truncated?.stdout) assert.equal(stdout, clean(Buffer.from(out)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('drops terminal control sequences and turns bytes that are not UTF-8 into U+FFFD', () => {
    assert.equal(clean(Buffer.from('\x1b[1;31mred\x1b[0m \x1b]8;;http://a\x07link\x1b]8;;\x07')), 'red link');
    assert.equal(clean(Buffer.from([0x61, 0xff, 0xfe, 0x62])), 'a\ufffd\ufffdb');
  });

  it('ends its lines with a line feed, whatever the program wrote', async () => {
    assert.equal(clean(Buffer.from('a\r\nb\r\r\nc\x1b[0m\r\x1b[K\n\r\n')), 'a\nb\nc\n\n');
    assert.equal(clean(Buffer.from('10 %\r20 %\r\r30 %\n\r')), '10 %\r20 %\r\r30 %\n\r');
    assert.deepEqual(await render('out\r\n', 'err\r\n', 100), {
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: undefined,
    });
  });

  it('counts what is left out in the bytes that the program wrote, and keeps these in the file', async () => {
    const lines = Array.from({ length: 30_000 }, (_, n) => `line ${n}\r\n`).join('');
    for (const written of [lines, lines.slice(0, 60_000), `x${lines.slice(0, 60_000)}`, lines.slice(0, -2)]) {
      const { stdout, truncated } = await render(written, '', 2000);
      const file = truncated?.stdout?.file ?? '';
      const [gap = '', bytes, left] = /\[… (\d+) bytes, (\d+) lines left out; [^\n]*\n/.exec(stdout) ?? [];
      assert.ok(!stdout.includes('\r') && !stdout.includes('\n\n'), stdout);
      const shown = stdout.replace(gap, '').replaceAll('\n', '\r\n');
      assert.equal(Number(bytes) + Buffer.byteLength(shown), Buffer.byteLength(written));
      assert.equal(Number(left) + shown.split('\n').length, written.split('\n').length);
      assert.equal(readFileSync(file, 'utf8'), written);
      rmSync(file);
    }
  });
});

describe('cutting text', () => {
  it('keeps characters whole, and starts and ends of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(200), (text, limit) => {
        const [start, end] = [startOf(text, limit), endOf(text, limit)];
        assert.ok(text.startsWith(start) && text.endsWith(end));
        assert.ok(Buffer.byteLength(start) <= limit && Buffer.byteLength(end) <= limit);
      }),
    );
  });

  it('divides a budget wholly where both streams want more than half', () => {
    assert.deepEqual(divide(1001, 5000, 5000), [500, 501]);
    assert.deepEqual(divide(1000, 100, 5000), [100, 900]);
    assert.deepEqual(divide(1000, 5000, 100), [900, 100]);
  });
});
