import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../src/core/environment';
import type { Snapshot } from '../../src/core/packages/installDiff';
import type { Wanted } from '../../src/core/packages/installRequest';
import { missingAfterwards } from '../../src/core/packages/missingAfterwards';
import { normalizeName } from '../../src/core/packages/normalizedName';
import { parseRequirement } from '../../src/core/packages/requirement';

const environment: Environment = {
  path: '/v',
  python: '/v/bin/python',
  version: '3.12.1',
  isVenv: true,
  scripts: '/v/bin',
  libraries: { own: ['/v/lib'], inherited: [] },
};

const snapshot = (versions: Record<string, string>, place?: { url?: string; project?: string }): Snapshot =>
  new Map(
    Object.entries(versions).map(([name, version]) => [
      normalizeName(name),
      {
        ...{ name, version, normalizedName: normalizeName(name), metadataPath: `/v/lib/${name}`, inherited: false },
        directUrl:
          place?.url === undefined
            ? undefined
            : ({ url: place.url, subdirectory: undefined, source: { kind: 'directory', editable: false } } as const),
        editableProjectLocation: place?.project,
        stamp: version,
      },
    ]),
  );

const named = (text: string): Wanted => {
  const { name, specifiers, marker } = parseRequirement(text);
  return { text, name: normalizeName(name), url: undefined, specifiers, marker };
};
const placed = (url: string, name?: string): Wanted => ({ text: url, name, url, specifiers: [], marker: undefined });
const missing = (wanted: readonly Wanted[], after: Snapshot, before: Snapshot = new Map()): string[] =>
  missingAfterwards(wanted, environment, before, after);

describe('what is missing after an install that an installer calls a success', () => {
  it('is what was asked for by its name, however spelled, and is not there', () => {
    const after = snapshot({ 'Dotted.Name': '1.0' });
    assert.deepEqual(missing([named('dotted_name'), named('six[x]>=1'), named('DOTTED-NAME')], after), ['six']);
    assert.deepEqual(missing([named('six; python_version >= "3" and os_name != "x"')], new Map()), ['six']);
  });

  it('is another version than the one asked for, unless nobody can tell', () => {
    assert.deepEqual(missing([named('six >=2, <3')], snapshot({ six: '1.0' })), ['six>=2,<3 (1.0 is there)']);
    assert.deepEqual(missing([named('six>=2')], snapshot({ six: '2.1rc1' })), []);
    assert.deepEqual(missing([named('six==1.0')], snapshot({ six: '1.0+local.1' })), []);
    assert.deepEqual(missing([named('six>=2')], snapshot({ six: 'not-a-version' })), []);
    assert.deepEqual(missing([named('six===2004d')], snapshot({ six: '2004d' })), []);
  });

  it('is not what does not apply to the environment, nor what may not', () => {
    const markers = ['python_version < "3"', 'extra == "x"', 'platform_machine == "x"', 'implementation_name != "x"'];
    assert.deepEqual(
      missing(
        markers.map((marker) => named(`six; ${marker}`)),
        new Map(),
      ),
      [],
    );
  });

  it('is what lies on the disk where nothing was changed and nothing points there', () => {
    const folder = resolve('/code/project');
    const url = pathToFileURL(folder).href;
    const other = snapshot({ other: '1' });
    assert.deepEqual(missing([placed(url)], other, other), [url]);
    assert.deepEqual(missing([placed(url)], other), [], 'something was installed: it may be that');
    for (const place of [{ url }, { project: folder }]) {
      const after = snapshot({ project: '1' }, place);
      assert.deepEqual(missing([placed(url)], after, after), []);
    }
    const wheel = pathToFileURL(join(folder, 'six-1.0-py3-none-any.whl')).href;
    assert.deepEqual(missing([placed(wheel, 'six')], other, other), [wheel]);
    assert.deepEqual(missing([placed(wheel, 'other')], other, other), [], 'the same was there');
  });

  it('is nothing that came from elsewhere without a name, which installers pass over without a trace', () => {
    const after = snapshot({ six: '1' });
    assert.deepEqual(missing([placed('https://u:p@host.test/six.tar.gz')], after, after), []);
  });
});
