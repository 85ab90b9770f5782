import assert from 'node:assert/strict';
import type { FoundServer } from '../../src/core/languageServers/findServers';
import { languageServers, type ServerName } from '../../src/core/languageServers/servers';
import { ServerSlot, type ServerPlan, type ServerState } from '../../src/core/languageServers/serverSlot';

const found = (name: ServerName, stamp = '1'): FoundServer => {
  const server = languageServers.find((each) => each.name === name);
  assert.ok(server);
  return { server, path: `/bin/${name}`, stamp };
};
const pythonIn = (path: string): NonNullable<ServerPlan['python']> => ({
  python: `${path}/bin/python`,
  path,
  scripts: `${path}/bin`,
  isVenv: true,
});

/** A slot over servers that only write down what happens to them. */
class Stage {
  plan: ServerPlan = { servers: [found('basedpyright')], python: pythonIn('/one'), settings: '{}' };
  readonly events: string[] = [];
  readonly states: ServerState[] = [];
  broken: readonly ServerName[] = [];
  /** Ends the server that was started last, by itself or not. */
  end: (intended: boolean) => void = () => undefined;
  readonly slot = new ServerSlot({
    quietMs: 1,
    policy: { ended: () => (this.crashesLeft-- > 0 ? 0 : undefined), forget: () => this.events.push('forget') },
    plan: () => Promise.resolve(this.plan),
    onState: (state) => this.states.push(state),
    onProblem: (message) => this.events.push(message),
    start: ({ server: { name } }, { python }) => {
      if (this.broken.includes(name)) return Promise.reject(new Error('broken'));
      this.events.push(`start ${name} ${python?.path ?? 'nowhere'}`);
      const ended = new Promise<{ intended: boolean }>((resolve) => {
        this.end = (intended) => {
          resolve({ intended });
        };
      });
      return Promise.resolve({
        version: '1.0',
        ended,
        refresh: (plan) => Promise.resolve(void this.events.push(`tell ${name} ${plan.python?.path ?? 'nowhere'}`)),
        stop: () => Promise.resolve(void this.events.push(`stop ${name}`)),
      });
    },
  });
  crashesLeft = 3;

  /** @returns what happened since the last time, once all is done that follows from the changes. */
  async after(...changes: Parameters<ServerSlot['change']>): Promise<string[]> {
    this.slot.change(...changes);
    return await this.happened();
  }

  async happened(): Promise<string[]> {
    // What follows from a promise that was settled a moment ago is scheduled by then.
    await new Promise(setImmediate);
    await this.slot.settled();
    return this.events.splice(0);
  }
}

describe('A slot for a language server', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(async () => {
    await stage.slot.dispose();
  });

  it('starts the one to prefer, and says so', async () => {
    stage.plan = { ...stage.plan, servers: [found('ty'), found('pylsp')] };
    assert.deepEqual(await stage.after('look'), ['start ty /one']);
    assert.deepEqual(
      stage.states.map(({ kind }) => kind),
      ['starting', 'running'],
    );
  });

  it('does one thing for many changes in a row, and nothing where nothing is different', async () => {
    for (let count = 0; count < 5; count++) stage.slot.change('look');
    assert.deepEqual(await stage.happened(), ['start basedpyright /one']);
    assert.deepEqual(await stage.after('look'), []);
    stage.slot.change('packages');
    stage.slot.change('packages');
    assert.deepEqual(await stage.happened(), ['tell basedpyright /one']);
  });

  it('tells a server of another interpreter where it listens, else starts it anew', async () => {
    await stage.after('look');
    stage.plan = { ...stage.plan, python: pythonIn('/two') };
    assert.deepEqual(await stage.after('look'), ['tell basedpyright /two']);
    stage.plan = { ...stage.plan, servers: [found('ty')] };
    assert.deepEqual(await stage.after('look'), ['stop basedpyright', 'start ty /two']);
    stage.plan = { ...stage.plan, python: pythonIn('/one') };
    assert.deepEqual(await stage.after('look'), ['stop ty', 'start ty /one']);
  });

  it('starts a server anew that was replaced by another of its name', async () => {
    await stage.after('look');
    stage.plan = { ...stage.plan, servers: [found('basedpyright', '2')] };
    assert.deepEqual(await stage.after('packages'), ['stop basedpyright', 'start basedpyright /one']);
  });

  it('ends the server where none is to run any more', async () => {
    await stage.after('look');
    stage.plan = { ...stage.plan, servers: [] };
    assert.deepEqual(await stage.after('packages'), ['stop basedpyright']);
    assert.equal(stage.states.at(-1)?.kind, 'none');
  });

  it('passes over one that does not start, and does not try it again unless asked', async () => {
    stage.plan = { ...stage.plan, servers: [found('ty'), found('pylsp')] };
    stage.broken = ['ty'];
    assert.deepEqual(await stage.after('look'), ['/bin/ty did not start: broken', 'start pylsp /one']);
    stage.broken = [];
    assert.deepEqual(await stage.after('look'), []);
    assert.deepEqual(await stage.after('restart'), ['forget', 'stop pylsp', 'start ty /one']);
  });

  it('starts a server again that ended by itself, until that happens too often', async () => {
    stage.crashesLeft = 1;
    await stage.after('look');
    stage.end(false);
    const again = await stage.happened();
    assert.deepEqual(again, [
      '/bin/basedpyright ended by itself and is started again in 0 s',
      'start basedpyright /one',
    ]);
    stage.end(false);
    assert.deepEqual(await stage.happened(), ['/bin/basedpyright ended by itself too often and is left off']);
    assert.equal(stage.states.at(-1)?.kind, 'failed');
    assert.deepEqual(await stage.after('packages'), []);
    assert.deepEqual(await stage.after('restart'), ['forget', 'start basedpyright /one']);
  });

  it('leaves a server off that was ended on purpose', async () => {
    await stage.after('look');
    stage.end(true);
    assert.deepEqual(await stage.happened(), []);
    assert.deepEqual(await stage.after('look'), []);
    assert.equal(stage.states.at(-1)?.kind, 'failed');
  });

  it('ends the server when it is no longer needed, and starts none after that', async () => {
    await stage.after('look');
    await stage.slot.dispose();
    assert.deepEqual(stage.events.splice(0), ['stop basedpyright']);
    assert.deepEqual(await stage.after('restart'), []);
  });

  it('is ended before its environment is deleted, and started again by the next change', async () => {
    const stage = new Stage();
    assert.deepEqual(await stage.after('look'), ['start basedpyright /one']);
    await stage.slot.release(async (_found, { python }) => await Promise.resolve(python?.path === '/two'));
    assert.deepEqual(await stage.happened(), []);
    stage.slot.change('packages'); // Whatever was due has to wait.
    await stage.slot.release(async (_found, { python }) => await Promise.resolve(python?.path === '/one'));
    assert.deepEqual(stage.events.splice(0), ['stop basedpyright']);
    assert.deepEqual(stage.states.at(-1), { kind: 'none' });
    assert.deepEqual(await stage.after('look'), ['start basedpyright /one']);
  });
});
