import assert from 'node:assert/strict';
import { win32 } from 'node:path';
import { maskCredentials } from '../../src/core/files/credentials';
import { quoted } from '../../src/core/files/quoted';
import { stripSecrets } from '../../src/core/files/secrets';

const secret = 'hunter2';

/** Texts that hold the secret, in every form in which it could be repeated. */
const texts: readonly (readonly [string, string])[] = [
  ['a URL', 'https://user:hunter2@host.test/simple'],
  ['a URL whose user is a token', 'https://hunter2@host.test/simple'],
  ['a URL as a path leaves it', '/w/https:/user:hunter2@host.test/simple'],
  ['a URL as a path of Windows leaves it', win32.resolve('C:\\w', 'https://user:hunter2@host.test/x')],
  ['a URL of a version control system', 'name @ git+ssh://user:hunter2@host.test/x.git@v1'],
  ['a URL without a scheme', 'user:hunter2@host.test'],
  ['a URL without a scheme in quotes', '"user:hunter2@host.test" is not there'],
  ['a percent-encoded URL', 'https%3A%2F%2Fuser%3Ahunter2%40host.test%2Fsimple'],
  ['a percent-encoded colon', 'https://user%3Ahunter2@host.test'],
  ['a database', 'postgres://user:hunter2@localhost:5432/db'],
  ['a password with @', 'https://user:p@hunter2@host.test/simple'],
  ['a password with /', 'https://user:p/hunter2@host.test/simple'],
  ['a password with #', 'https://user:p#hunter2@host.test/simple'],
  ['a password with ?', 'https://user:p?hunter2@host.test/simple'],
  ['a password with @ and /', 'https://user:p@x/hunter2@host.test'],
  ['a password with a quote', '"https://user:p"hunter2@host.test" is none'],
  ['a password with a blank', 'https://user:p hunter2@host.test/simple is none'],
  ['a password of digits and /', 'https://user:123/hunter2@host.test/simple'],
  ['a URL that ends in its password', 'https://user:hunter2'],
  ['the query of a URL', 'https://host.test/x.whl?token=hunter2'],
  ['a signed URL', 'https://host.test/x?X-Amz-Credential=a&X-Amz-Signature=hunter2#egg=x'],
  ['a query without a URL', '/x.whl?a=b&sig=hunter2'],
  ['an option', '--password=hunter2'],
  ['an option with its value apart', 'pip --db-password hunter2 install'],
  ['an option in an option', '--config-settings=api-token=hunter2'],
  ['a variable', 'TWINE_PASSWORD=hunter2 twine'],
  ['a variable in quotes', 'PASSWORD="a hunter2" x'],
  ['a variable in quotes that never end', "SECRET_KEY='a hunter2"],
  ['JSON', '{"url": "x", "accessToken": "hunter2"}'],
  ['an option in a list', '["--password", "hunter2"]'],
  ['TOML', 'api_key = "hunter2"'],
  ['a header', 'Authorization: Bearer hunter2'],
  ['a header in JSON', '{"Authorization":"Basic aHVudGVyMg==hunter2"}'],
  ['a token of a well-known form', `ghp_${'0'.repeat(20)}hunter2`],
  ['a token of another form', `glpat-${'0'.repeat(20)}hunter2`],
];

/** Texts in which nothing is secret. */
const harmless = [
  'git+https://host.test/owner/name@v1.2#egg=name',
  'git+https://host.test:8443/owner/name@v1',
  'https://host.test:8443/simple',
  'name @ file:///w/dist/name-1.0-py3-none-any.whl',
  'file:///C:/Users/me@work/x',
  'C:\\Users\\me@work\\x.py',
  'Use one of "a", "b": call python.pip {"action": "install", "packages": ["requests>=2.31", "x @ https://host.test/x"]}.',
  'Create it with python.venv {"action": "create", "path": ".venv"}, or see {"action": "list"}.',
  'tiktoken==0.7.0 and detect-secrets===1.5, tiktoken>=0.7',
  'someone@host.test',
  'img.test:5000/x@v1',
  '/usr/bin:/opt:/home/me',
  'http://[::1]:8080/simple',
  'Basic authentication is needed; the token is missing: ask for one.',
];

describe('What is repeated of the text of others', () => {
  for (const [what, text] of texts) {
    it(`is without the secret in ${what}`, () => {
      for (const each of [text, `before ${text} after`, `"${text}"`, `(${text})`, `${text}, other`]) {
        assert.doesNotMatch(quoted(each), /hunter2/, each);
      }
      assert.match(quoted(text), /\*\*\*\*/);
    });

    it(`is without the secret in ${what} wherever it is cut`, () => {
      const long = text.replaceAll(secret, secret.repeat(20));
      for (let before = 0; before < 260; before += 3) {
        const shown = quoted(`${'x'.repeat(before)} ${long} ${'y'.repeat(100)}`);
        assert.doesNotMatch(shown, /hunter2/, shown);
      }
      if (long.includes('p hunter2')) return;
      // The first cut, far behind what a message shows: at most half a word of a password with blanks could be left.
      for (let before = 12_000; before < 12_300; before += 7) {
        const shown = quoted(`${'x'.repeat(before)} ${long} ${'y'.repeat(1_000_000)}`, 20_000);
        assert.doesNotMatch(shown, /(?:hunter2){2}/, shown);
      }
    });

    it(`stays the same when ${what} is quoted again`, () => {
      assert.equal(quoted(quoted(text)), quoted(text));
    });
  }

  for (const text of harmless) {
    it(`keeps ${JSON.stringify(text)}`, () => {
      assert.equal(quoted(text), text);
    });
  }

  it('is one line in which everything is seen', () => {
    assert.equal(
      quoted('a\nb\r\u0000\u001b[31m\u202e\u200b\u3164\u2800\ufe0f\u034f\u{e0041}\ud800'),
      'a\\nb\\r\\u0000\\u001b[31m\\u202e\\u200b\\u3164\\u2800\\ufe0f\\u034f\\udb40\\udc41\\ud800',
    );
  });

  it('is bounded, with its beginning and its end', () => {
    const shown = quoted(`begin${'x'.repeat(1_000_000)}end`);
    assert.equal(shown.length, 200);
    assert.match(shown, /^beginx+…x+end$/);
  });

  it('keeps the rest of a URL', () => {
    assert.equal(
      maskCredentials('--index-url https://me:pw@host.test/simple, x'),
      '--index-url https://****@host.test/simple, x',
    );
    assert.equal(maskCredentials('git+https://me:pw@host.test/x@v1#egg=x'), 'git+https://****@host.test/x@v1#egg=x');
    assert.equal(stripSecrets('{"token": "x", "a": 1}'), '{"token": "****", "a": 1}');
  });
});
