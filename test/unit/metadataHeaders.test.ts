import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dedentHeader, MetadataHeaders, wholeHeaders } from '../../src/core/packages/metadata';

describe('metadata headers', () => {
  it('are found whatever their case, the first value first', () => {
    const headers = new MetadataHeaders('Name: one\nREQUIRES-DIST: a\nname: two\nRequires-Dist: b\n\nName: body\n');
    assert.equal(headers.get('NAME'), 'one');
    assert.deepEqual(headers.all('Requires-Dist'), ['a', 'b']);
    assert.equal(headers.get('Version'), undefined);
    assert.deepEqual(headers.all('Version'), []);
  });

  it('go on in lines that begin with a blank', () => {
    const headers = new MetadataHeaders('License: MIT\n        \n        More\n\tand more\nName: x\n');
    assert.equal(headers.get('License'), 'MIT\n        \n        More\n\tand more');
    assert.equal(headers.get('Name'), 'x');
  });

  it('end at a blank line, and at what is no header', () => {
    assert.equal(new MetadataHeaders('Name: x\n\nVersion: 1\n').get('Version'), undefined);
    assert.equal(new MetadataHeaders('Name: x\nSome prose\nVersion: 1\n').get('Version'), undefined);
  });

  it('are read with any line ends, with a byte order mark, and with characters that were not UTF-8', () => {
    for (const text of [
      'Name: x\r\nVersion: 1\r\n\r\nbody',
      '\uFEFFName: x\nVersion: 1\n',
      'Name: x\rVersion: 1\r\rb',
    ]) {
      const headers = new MetadataHeaders(text);
      assert.deepEqual([headers.get('Name'), headers.get('Version')], ['x', '1']);
    }
    assert.equal(new MetadataHeaders('Author: J\uFFFDrg\nName: x\n').get('Name'), 'x');
  });

  it('that the beginning of a file may have cut off are left out', () => {
    assert.equal(wholeHeaders('Name: a\nVersion: 1\nSummary: cut'), 'Name: a\nVersion: 1\n');
    // A file that begins with blank lines.
    for (const blank of ['\n', '\n\n', '\n \n', '\n\tx']) {
      assert.equal(wholeHeaders(blank).trim(), '', JSON.stringify(blank));
    }
    assert.equal(wholeHeaders('Name: a\nVersion: 1\n'), 'Name: a\n');
    assert.equal(wholeHeaders('Name: a\nLicense: x\n  y\n'), 'Name: a\n');
    assert.equal(wholeHeaders('Name: a'), '');
  });

  it('are the same from the beginning of a file as from all of it', () => {
    const line = fc.stringMatching(/^(Name|Version|License): [a-z]{0,5}$|^ [a-z]{1,5}$/);
    fc.assert(
      fc.property(fc.array(line), fc.nat({ max: 60 }), (lines, length) => {
        const text = lines.map((each) => `${each}\n`).join('');
        const whole = new MetadataHeaders(text);
        const part = new MetadataHeaders(wholeHeaders(text.slice(0, length)));
        for (const name of ['Name', 'Version', 'License']) {
          assert.deepEqual(part.all(name), whole.all(name).slice(0, part.all(name).length));
        }
      }),
    );
  });

  it('lose the indentation that their lines share', () => {
    assert.equal(dedentHeader('one line'), 'one line');
    assert.equal(dedentHeader('MIT\n        \n        More\n          indented'), 'MIT\n\nMore\n  indented');
    assert.equal(dedentHeader('MIT\n  More'), '      MIT\nMore');
  });
});
