import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIfThere, readNamedText } from '../../src/core/files/namedFiles';
import {
  attemptReading,
  attemptReadingAtOnce,
  entriesIn,
  firstBytes,
  namesIn,
  readBeginning,
  readBytes,
  readSmallText,
  readText,
  wouldHold,
} from '../../src/core/files/readFiles';
import { isToolError } from '../../src/core/errors';
import { obstacles } from '../support/obstacles';
import { itOnUnix, onWindows } from '../support/platform';

describe('the bounded reader of files', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'read-'));
    file = join(folder, 'file');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const whyOf = async (limit?: number): Promise<(string | undefined)[]> =>
    [await attemptReading(file, limit), attemptReadingAtOnce(file, limit)].map((reading) =>
      'unread' in reading ? reading.unread.kind : undefined,
    );
  const kindOf = async (reading: Promise<unknown>): Promise<string> =>
    await reading.then(
      () => 'read',
      (error: unknown) => (isToolError(error) ? error.kind : String(error)),
    );

  it('reads what is there, of any size up to the limit and not beyond', async () => {
    for (const size of [0, 1, 4095, 4096, 4097, 10_000]) {
      writeFileSync(file, 'x'.repeat(size));
      assert.equal((await readBytes(file, 4097))?.length, size <= 4097 ? size : undefined);
      assert.equal(readSmallText(file, 4097)?.length, size <= 4097 ? size : undefined);
    }
    assert.deepEqual(await whyOf(4097), ['too-large', 'too-large']);
  });

  it('reads bytes that are no UTF-8 as U+FFFD', async () => {
    writeFileSync(file, Buffer.from([0x61, 0xff, 0x62]));
    for (const text of [await readText(file), readSmallText(file), readBeginning(file, 10)]) {
      assert.equal(text, 'a\uFFFDb');
    }
  });

  it('says of a file that it is missing, and of a folder that it is one', async () => {
    assert.deepEqual(await whyOf(), ['missing', 'missing']);
    writeFileSync(file, '');
    file = join(file, 'below');
    assert.deepEqual(await whyOf(), ['missing', 'missing']);
    file = folder;
    assert.deepEqual(await whyOf(), ['folder', 'folder']);
  });

  for (const { name, put } of obstacles) {
    itOnUnix('such files')(`neither waits for ${name} nor reads it`, async () => {
      put(file);
      const expected = {
        'a folder': 'folder',
        'a sparse file of 5 GB': 'too-large',
        'a link to nothing': 'missing',
        'a link to itself': 'failed',
      }[name];
      const atOnce = existsSync(file) ? (expected ?? 'irregular') : 'missing';
      assert.deepEqual(await whyOf(), [expected ?? 'irregular', atOnce]);
      assert.equal(await readBytes(file), undefined);
      assert.equal(readSmallText(file), undefined);
      if (expected !== 'too-large') assert.equal(firstBytes(file, 8), undefined);
    });

    itOnUnix('such files')(`fails a call that names ${name}, and says why`, async () => {
      put(file);
      const expected = name === 'a link to nothing' ? 'file_not_found' : 'invalid_input';
      assert.equal(await kindOf(readNamedText(file, 'file')), expected);
    });
  }

  itOnUnix('sparse files of the kind')('reads the beginning of a file, however large it is', () => {
    obstacles.find(({ name }) => name.startsWith('a sparse'))?.put(file);
    assert.deepEqual(firstBytes(file, 3), Buffer.alloc(3));
    assert.equal(readBeginning(file, 2), '\0\0');
  });

  it('never takes more of a beginning than there is', () => {
    writeFileSync(file, 'abc');
    assert.equal(readBeginning(file, 1024 ** 3), 'abc');
    assert.equal(readBeginning(file, 2), 'ab');
  });

  it('reads the files of /proc, whose size is 0', async function () {
    const path = '/proc/self/status';
    if (!existsSync(path)) this.skip();
    assert.match((await readText(path)) ?? '', /^Pid:\t\d+$/m);
    assert.match(readSmallText(path) ?? '', /^Pid:\t\d+$/m);
    assert.match(readBeginning(path, 4096) ?? '', /^Name:/);
    // Larger than its size says.
    assert.equal(await readText(path, 10), undefined);
    assert.equal(readSmallText(path, 10), undefined);
  });

  it('ends at the limit where a file grows while it is read', async () => {
    writeFileSync(file, 'x'.repeat(1000));
    const limit = 200_000;
    let isReading = true;
    const grow = (): void => {
      appendFileSync(file, 'x'.repeat(100_000));
      if (isReading) setImmediate(grow);
    };
    grow();
    const sizes = await Promise.all(
      Array.from({ length: 20 }, async () => (await readBytes(file, limit))?.length ?? 'too large'),
    );
    isReading = false;
    assert.ok(sizes.every((size) => size === 'too large' || size <= limit));
  });

  itOnUnix('/dev/null')('takes /dev/null for an empty file where a person says so, and nowhere else', async () => {
    symlinkSync('/dev/null', file);
    assert.equal(await readIfThere(file), '');
    assert.equal(await readNamedText(file, 'file'), '');
    assert.equal(await wouldHold(file), false);
    assert.deepEqual(await whyOf(), ['irregular', 'irregular']);
  });

  itOnUnix('such files')(
    "refuses an installer's configuration that would be waited for, and passes over a missing one",
    async () => {
      for (const { name, put } of obstacles) {
        put(file);
        const held = ['a FIFO', 'a link to /dev/zero', 'a sparse file of 5 GB', 'a socket'].includes(name);
        assert.equal(await kindOf(readIfThere(file)), held ? 'invalid_input' : 'read', name);
        assert.equal(await wouldHold(file, 1024), held, name);
        rmSync(file, { recursive: true });
      }
      assert.equal(await readIfThere(file), undefined);
    },
  );

  it('takes as many names of a folder as it was told to, and none of what is no folder', () => {
    for (let index = 0; index < 30; index++) writeFileSync(join(folder, `${index}`), '');
    mkdirSync(join(folder, 'inner'));
    assert.equal(namesIn(folder).length, 31);
    assert.equal(namesIn(folder, 7).length, 7);
    assert.equal(entriesIn(folder).find((entry) => entry.isDirectory())?.name, 'inner');
    for (const path of [join(folder, '1'), join(folder, 'none')]) assert.deepEqual(namesIn(path), []);
  });

  it('needs no permission to say that it has none', async function () {
    if (onWindows || process.getuid?.() === 0) this.skip();
    writeFileSync(file, '', { mode: 0 });
    assert.deepEqual(await whyOf(), ['failed', 'failed']);
    assert.equal(await kindOf(readNamedText(file, 'file')), 'permission_denied');
  });
});
