import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRequirement, RequirementError } from '../../src/core/packages/requirement';

const alphanumeric = ['a', 'b', 'X', 'Y', '0', '9'];
const word = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...alphanumeric), minLength: 1, maxLength: 4 }),
    fc.string({ unit: fc.constantFrom(...alphanumeric, '-', '_', '.'), maxLength: 6 }),
    fc.string({ unit: fc.constantFrom(...alphanumeric), minLength: 1, maxLength: 2 }),
  )
  .map((parts) => parts.join(''));
const blank = fc.constantFrom('', ' ', '\t', '  ');
const specifier = fc
  .tuple(fc.constantFrom('==', '>=', '<=', '!=', '<', '>', '~=', '==='), fc.nat(30), fc.nat(30))
  .map(([operator, major, minor]) => `${operator}${major}.${minor}`);
const marker = fc.constantFrom(
  '',
  ';python_version<"3.9"',
  ' ; sys_platform == \'win32\' and extra == "x"',
  ' ; (os_name=="nt" or os_name=="posix")',
);
const written = fc.record({
  name: word,
  extras: fc.array(word, { maxLength: 3 }),
  specifiers: fc.array(specifier, { maxLength: 3 }),
  parentheses: fc.boolean(),
  blank,
  marker,
});

describe('requirements (PEP 508)', () => {
  it('gives back the parts of every requirement that is put together from valid ones', () => {
    fc.assert(
      fc.property(written, ({ name, extras, specifiers, parentheses, blank: gap, marker: condition }) => {
        const set = specifiers.join(`${gap},${gap}`);
        const text = [
          name,
          gap,
          extras.length > 0 ? `[${extras.join(`${gap},${gap}`)}]` : '',
          gap,
          parentheses && set !== '' ? `(${set})` : set,
          condition,
        ].join('');
        const parsed = parseRequirement(`${gap}${text}${gap}`);
        assert.equal(parsed.name, name);
        assert.equal(parsed.extras.length, extras.length);
        assert.deepEqual(
          parsed.specifiers.map(({ operator, text: version }) => operator + version),
          specifiers,
        );
        assert.equal(parsed.marker !== undefined, condition !== '');
      }),
    );
  });

  it('refuses whatever starts with "-", however many blanks stand before it', () => {
    fc.assert(
      fc.property(fc.constantFrom('', ' ', '\t', '\u00a0', ' \t '), fc.string(), (gap, text) => {
        assert.throws(() => parseRequirement(`${gap}-${text}`), RequirementError);
      }),
    );
  });

  it('refuses whatever holds a line break or NUL inside', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.constantFrom('\n', '\r', '\r\n', '\0', '\v', '\f', '\u0085', '\u2028', '\u2029'),
        fc.string({ minLength: 1 }),
        (before, separator, after) => {
          assert.throws(() => parseRequirement(`x${before}${separator}${after}x`), RequirementError);
        },
      ),
    );
  });

  it('answers any text with a requirement or with the reason why it is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parseRequirement(text);
        } catch (error) {
          assert.ok(error instanceof RequirementError, String(error));
        }
      }),
    );
  });

  it('takes a URL up to the blank before the semicolon', () => {
    const { url, marker: condition } = parseRequirement('x[a] @ https://host.test/x;y.zip#sha256=0 ; os_name=="nt"');
    assert.equal(url, 'https://host.test/x;y.zip#sha256=0');
    assert.ok(condition);
    assert.equal(parseRequirement('x@https://host.test/x.zip').url, 'https://host.test/x.zip');
  });

  for (const [text, reason] of [
    ['', /empty/],
    ['  ', /empty/],
    ['-r x', /starts with "-"/],
    ['_x', /name of a package/],
    ['x=1', /"=1" is not a version specifier/],
    ['x==', /is not a version/],
    ['x>=1.*', /"\.\*" goes with/],
    ['x[a', /not a version specifier/],
    ['x[a b]', /not the name of an extra/],
    ['x[a,,b]', /not the name of an extra/],
    ['x>1,,<2', /beside a comma/],
    ['x @', /URL is missing/],
    ['x @ https://host.test/x y', /only "; " and a marker/],
    ['x; python_version', /one of < <=/],
    ['x; nonsense == "1"', /variable such as python_version/],
    ['x --hash=sha256:0', /not a version specifier/],
    ['a'.repeat(5000), /longer than/],
  ] as const) {
    it(`says of ${JSON.stringify(text.slice(0, 30))} what is wrong with it`, () => {
      assert.throws(() => parseRequirement(text), { name: 'RequirementError', message: reason });
    });
  }
});
