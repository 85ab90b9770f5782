import assert from 'node:assert/strict';
import { directReference, editableFolder, isSameUrl, parseDirectUrl } from '../../src/core/packages/directUrl';

const parse = (value: unknown) => parseDirectUrl(JSON.stringify(value));
const reference = (value: unknown, newHashes = true) => {
  const directUrl = parse(value);
  assert.ok(directUrl);
  return directReference('name', directUrl, { newHashes });
};

describe('direct_url.json (PEP 610)', () => {
  it('is of the same place where its URL differs in what is escaped only', () => {
    const folder = process.platform === 'win32' ? 'file:///C:/a' : 'file:///a';
    assert.ok(isSameUrl(`${folder}&b%20c`, `${folder}%26b%20c`));
    assert.ok(isSameUrl('https://host/x', 'https://host/x'));
    for (const other of [`${folder}-b`, 'https://host/x%26', 'file://%']) assert.ok(!isSameUrl(`${folder}&b`, other));
  });

  it('becomes a requirement that installs from the same place', () => {
    const vcs = { url: 'https://host/x.git', vcs_info: { vcs: 'git', commit_id: 'abc' }, subdirectory: 'sub' };
    assert.equal(reference(vcs), 'name @ git+https://host/x.git@abc#subdirectory=sub');
    assert.equal(reference({ url: 'file:///x', dir_info: {} }), 'name @ file:///x');
  });

  it('gives an archive its hash, from the newer field where the rules know it', () => {
    const both = { url: 'https://host/x.zip', archive_info: { hash: 'md5=1', hashes: { sha256: '2' } } };
    assert.equal(reference(both), 'name @ https://host/x.zip#sha256=2');
    assert.equal(reference(both, false), 'name @ https://host/x.zip#md5=1');
    const newOnly = { url: 'https://host/x.zip', archive_info: { hashes: { sha256: '2' } }, subdirectory: 's' };
    assert.equal(reference(newOnly, false), 'name @ https://host/x.zip#subdirectory=s');
    assert.equal(reference({ url: 'https://host/x.zip', archive_info: {} }), 'name @ https://host/x.zip');
  });

  it('names the folder of an editable project', () => {
    const folderOf = (value: unknown) => {
      const directUrl = parse(value);
      return directUrl && editableFolder(directUrl);
    };
    if (process.platform !== 'win32') {
      assert.equal(folderOf({ url: 'file:///a%20b/c', dir_info: { editable: true } }), '/a b/c');
    }
    assert.equal(folderOf({ url: 'file:///a', dir_info: { editable: false } }), undefined);
    assert.equal(folderOf({ url: 'https://host/a', dir_info: { editable: true } }), undefined);
  });

  it('is passed over where it is not valid', () => {
    const invalid = [
      null,
      [],
      {},
      { url: 1, dir_info: {} },
      { url: 'file:///x' },
      { url: 'file:///x', dir_info: {}, archive_info: {} },
      { url: 'https://x', vcs_info: { vcs: 'git' } },
      { url: 'https://x', archive_info: 'sha256=1' },
    ];
    for (const value of invalid) assert.equal(parse(value), undefined, JSON.stringify(value));
    assert.equal(parseDirectUrl('{"url": '), undefined);
  });
});
