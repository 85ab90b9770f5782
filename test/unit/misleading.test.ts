import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCall, tools } from '../../src/tools';
import { confirmationOf, progressOf, type Surroundings } from '../../src/vscode/confirmations';
import { misleadingIn, nameOfLookAlike, visible } from '../../src/vscode/misleading';
import { ShownParts } from '../../src/vscode/shownParts';

const surroundings: Surroundings = { root: '/code', interpreterSetting: 'python3.12', paths: {} };

/** The question before a call, without the places where a line may break, and what can be opened of it. */
function ask(name: string, input: Record<string, unknown>, more: Partial<Surroundings> = {}) {
  const tool = tools.find((each) => each.name === `python.${name}`);
  const call = tool && parseCall(tool, input);
  assert.ok(call);
  let whole: string | undefined;
  const { message } = confirmationOf(call, { ...surroundings, ...more }, (text) => {
    whole = text;
    return 'command:open';
  });
  return { message: message.replaceAll('\u200b', ''), whole, doing: progressOf(call) };
}

const unseen = [
  ...['\u3164', '\u115f', '\u1160', '\uffa0', '\u2800', '\u034f', '\u00ad', '\u061c', '\u180e', '\u200b', '\u200d'],
  ...[
    '\u202a',
    '\u202e',
    '\u2060',
    '\u2066',
    '\u2069',
    '\ufe00',
    '\ufe0f',
    '\ufeff',
    '\ufff9',
    '\u{e0041}',
    '\u{e0100}',
  ],
  ...['\u0008', '\u001b', '\u007f', '\u0085', '\u2028', '\u2029', '\u00a0', '\u2003', '\u3000', '\ue000'],
  ...['\u{1d173}', '\ufdd0', '\u17b4'],
];

describe('What is not seen in a call', () => {
  it('is spelled out wherever it stands, and said first', () => {
    for (const character of unseen) {
      const code = character.codePointAt(0)?.toString(16) ?? '';
      const text = `a${character}b`;
      assert.equal(visible(text), `a\\u{${code}}b`);
      const calls: [string, Record<string, unknown>][] = [
        ['run', { code: `x = 1\n${text} = 2` }],
        ['run', { file: text }],
        ['run', { file: 'a.py', args: ['--', text] }],
        ['run', { file: 'a.py', env: { A: text } }],
        ['run', { file: 'a.py', env: { [text]: '' } }],
        ['run', { file: 'a.py', stdin: text }],
        ['run', { file: 'a.py', cwd: text }],
        ['venv', { action: 'create', path: text, python: text }],
        ['pip', { action: 'install', packages: ['a', text] }],
      ];
      for (const [tool, input] of calls) {
        const { message, doing } = ask(tool, input);
        assert.match(
          message,
          new RegExp(`^- \\*\\*Invisible characters\\*\\*: U\\+0*${code} ×\\d`, 'i'),
          JSON.stringify(input),
        );
        assert.ok(!message.includes(character) && !doing.replaceAll('\u200b', '').includes(character), code);
      }
    }
  });

  it('is counted also in what is cut', () => {
    const { message, whole } = ask('run', { code: `${'x = 1\n'.repeat(500)}eval('\u3164\u3164\u202e')` });
    assert.match(message, /^- \*\*Invisible characters\*\*: U\+3164 ×2, U\+202E ×1\n/);
    assert.ok(whole?.includes("eval('\\u{3164}\\u{3164}\\u{202e}')"));
  });

  it('is not what every text has', () => {
    const { message } = ask('run', { code: 'if True:\r\n\tprint("Grüße, 世界, مرحبا, Привет, naïve, m²")\r\n' });
    assert.match(message, /^```python\nif True:\n\tprint\("Grüße, 世界, مرحبا, Привет, naïve, m²"\)\n```/);
  });

  it('is a carriage return that would let a terminal print over a line', () => {
    assert.match(ask('run', { code: 'safe()\revil()' }).message, /^- \*\*Invisible characters\*\*: U\+000D ×1/);
    assert.match(ask('run', { code: 'safe()\revil()' }).message, /safe\(\)\\revil\(\)/);
  });
});

describe('What looks like something else in a call', () => {
  it('is named, with what it is', () => {
    const looks: [string, RegExp][] = [
      ['r\u0435quests', /`r\u0435quests` holds `\u0435` \(Cyrillic, U\+0435\)/],
      ['\u0441\u043e\u0440\u0443', /holds `\u0441` \(Cyrillic, U\+0441\), `\u043e` \(Cyrillic, U\+043E\)/],
      ['num\u03c1y', /`\u03c1` \(Greek, U\+03C1\)/],
      ['p\u0251ndas', /`\u0251` \(U\+0251\)/],
      ['\uff45\uff56\uff41\uff4c', /`\uff45` \(U\+FF45, read as e\)/],
      ['\u{1d41e}val', /\(U\+1D41E, read as e\)/],
      ['\u212f\u1d42d\u2139', /read as/],
      ['a\u2215b', /U\+2215/],
      ['a\uff0eb', /U\+FF0E, read as \./],
      ['a\u037eb', /U\+037E, read as ;/],
      ['\u13a2nstall', /Cherokee/],
    ];
    for (const [text, told] of looks) {
      for (const input of [{ code: `import x\n${text}()` }, { file: `${text}.py` }, { file: 'a.py', args: [text] }]) {
        const { message } = ask('run', input);
        assert.match(message, /^- \*\*Look-alike letters\*\*/, text);
        assert.match(message.split('\n\n')[0] ?? '', told, text);
      }
    }
  });

  it('is bounded, and the rest counted', () => {
    const code = Array.from({ length: 60 }, (_, index) => `\u0430b${index} = 1`).join('\n');
    const { message } = ask('run', { code });
    assert.equal(message.match(/Look-alike letters\*\*: /g)?.length, 10);
    assert.match(message, /- \*\*Look-alike letters\*\* in 50 more words/);
  });

  it('is told in time, however long the text', () => {
    const texts = ['a', '\u0430', '\u3164', 'a\u0301', '`', '\ufe0f', ' ', '\n', 'a\u0430 '];
    for (const text of texts) {
      const shown = new ShownParts();
      shown.block('Code', text.repeat(1_000_000), 'python');
      assert.ok(shown.isCut && shown.marks.length <= 12, JSON.stringify(text));
    }
  }).timeout(60_000);

  it('knows a name for each character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const found of misleadingIn([text]).words.values()) {
          for (const each of found) assert.match(nameOfLookAlike(each), /U\+[0-9A-F]{4,6}/);
        }
        assert.equal(misleadingIn([visible(text)]).unseen.size, 0);
      }),
    );
  });
});

describe('What is too long for a question', () => {
  it('is counted where it is cut, and can be opened whole', () => {
    const long = 'v'.repeat(5612);
    const args = Array.from({ length: 10_000 }, (_, index) => `arg${index}`);
    const cases: [string, Record<string, unknown>, RegExp, string][] = [
      ['run', { code: `${'pass\n'.repeat(200)}evil()` }, /… 141 more lines, 566 characters/, 'pass\nevil()'],
      ['run', { code: `pass${' '.repeat(1000)}; evil()` }, / … 712 more characters\n```/, '; evil()'],
      ['run', { file: 'a.py', stdin: long }, /v…` \(5,312 more characters\)/, long],
      ['run', { file: 'a.py', args }, /`arg19` and 9,980 more/, 'arg9999'],
      ['run', { file: 'a.py', args: [long] }, /5,312 more characters/, long],
      ['run', { file: 'a.py', env: { KEY: long } }, /5,316 more characters/, `KEY=${long}`],
      ['run', { module: long }, /5,312 more characters/, long],
      ['run', { file: long }, /5,312 more characters/, long],
      ['pip', { action: 'install', packages: args }, /`arg19` and 9,980 more/, 'arg9999'],
    ];
    for (const [tool, input, counted, last] of cases) {
      const { message, whole } = ask(tool, input);
      assert.match(message, counted);
      assert.match(message, /^- Too long to be shown here: \[open all of it\]\(command:open\)\n\n/);
      assert.ok(message.length < 12_000, String(message.length));
      assert.ok(whole?.includes(last));
    }
    const requirements = `${'six\n'.repeat(30)}evil\n`;
    const { message, whole } = ask('pip', { action: 'install', requirements: 'r.txt' }, { requirements });
    assert.match(message, /… 11 more lines, 34 characters/);
    assert.ok(whole?.includes('six\nevil'));
  });

  it('says nothing where all is shown', () => {
    const { message, whole } = ask('run', { code: 'print(1)' });
    assert.ok(!message.includes('Too long'));
    assert.equal(whole, undefined);
  });

  it('never cuts a character in two', () => {
    const { message } = ask('run', { file: 'a.py', stdin: `${'x'.repeat(299)}\u{1f600}${'y'.repeat(100)}` });
    assert.ok(!message.includes('Invisible'));
    assert.ok(!/[\ud800-\udbff](?![\udc00-\udfff])/.test(message));
  });

  it('says that the content of a file is not there', () => {
    assert.match(
      ask('pip', { action: 'install', requirements: 'r.txt' }).message,
      /- Its content cannot be shown here/,
    );
  });
});
