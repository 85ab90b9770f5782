import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEndpoint } from '../../src/mcp/endpoint';
import { tools } from '../../src/tools';
import { jsonSchemaOf } from '../../src/tools/jsonSchema';
import { anyPython } from '../support/anyPython';
import type { CallOutcome, ModelMove, Turn } from '../support/model/dialect';
import { startScriptedModel, type ScriptedModel } from '../support/model/scriptedModel';
import { Unavailable } from '../support/npmInstall';
import { openWorkspace } from '../support/testFolders';
import { appears, ends } from '../support/waiting';
import { writeSdist, writeWheel } from '../support/wheels';
import type { Agent } from './rig/agent';
import { addFiles, connect, makeAgentHome, type AgentHome } from './rig/agentHome';
import { claude } from './rig/claude';
import { codex } from './rig/codex';
import { copilot } from './rig/copilot';
import { gemini } from './rig/gemini';
import { installAgent } from './rig/installAgent';
import { opencode } from './rig/opencode';
import { type RunningAgent, startAgent } from './rig/startAgent';
import { greeting, picture } from './rig/greeting';

type Fields = Readonly<Record<string, unknown>>;

/** Coding agents as their users have them, headless: their model is scripted, all else is real. */
for (const agent of [codex, claude, opencode, gemini, copilot]) {
  describe(`${agent.name} ${agent.version}`, function () {
    this.timeout(180_000);
    let program: string;
    let model: ScriptedModel;
    const homes: AgentHome[] = [];
    const started: RunningAgent[] = [];

    before(async function () {
      this.timeout(600_000);
      if (process.platform === 'win32') this.skip();
      try {
        program = await installAgent(agent);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        console.error(`Tests in ${agent.name} are skipped: ${error.message}.`);
        this.skip();
      }
      model = await startScriptedModel();
    });

    after(async () => {
      // Only a test that failed leaves one running.
      for (const { process, signal } of started)
        if (process.exitCode === null && !process.signalCode) signal('SIGKILL');
      for (const home of homes) await home[Symbol.asyncDispose]();
      if (homes.length > 0) await model[Symbol.asyncDispose]();
    });

    const newHome = async (): Promise<AgentHome> => {
      const home = await makeAgentHome(agent, model.url);
      homes.push(home);
      return home;
    };

    /** @returns a home in which `connect` has written the configuration. */
    const connectedHome = async (): Promise<AgentHome> => {
      const home = await newHome();
      await connect(agent, home);
      return home;
    };

    const call = (name: string, input: object): ModelMove => ({ call: agent.toolName(name), input });

    const begin = (home: AgentHome, moves: readonly ModelMove[]) => {
      model.play([...(agent.search ? [agent.search] : []), ...moves, { say: 'That was all.' }]);
      const running = startAgent(agent, program, home);
      started.push(running);
      return running;
    };

    /** Lets the model make these calls. @returns what it saw of each. */
    const play = async (home: AgentHome, moves: readonly ModelMove[]): Promise<readonly CallOutcome[]> => {
      const output = await begin(home, moves).output;
      assert.match(output, /That was all\./);
      return model.turns.at(-1)?.results.slice(-moves.length) ?? [];
    };

    describe('with the configuration that connect wrote', () => {
      let seen: readonly CallOutcome[];
      let turn: Turn;
      let home: AgentHome;

      before('a story', async () => {
        home = await connectedHome();
        const wheel = await writeWheel(join(home.home, 'wheels'), greeting);
        await writeFile(join(home.workspace, 'main.py'), 'import greeting\nprint(greeting.text)\n');
        seen = await play(home, [
          call('python.run', { file: 'main.py' }),
          call('python.venv', { action: 'create', python: anyPython() }),
          call('python.pip', { action: 'install', packages: [wheel] }),
          call('python.run', { file: 'main.py' }),
          call('python.run', { code: 'import greeting\ngreeting.show()' }),
          call('python.run', { file: 'nothing.py' }),
          call('python.run', { code: 'for i in range(9999): print(f"{{\\"key\\": \\"{i}\\"}}")' }),
        ]);
        const last = model.turns.at(-1);
        assert.ok(last);
        turn = last;
      });

      it('offers its model the three tools, each once, with what they are for and what they take', () => {
        for (const { name, description, input } of tools) {
          const offered = turn.offered.filter((tool) => tool.name === agent.toolName(name));
          assert.equal(offered.length, 1, turn.offered.map((tool) => tool.name).join());
          assert.ok(offered[0]?.description.includes(description), offered[0]?.description);
          const taken = propertiesOf(offered[0]?.schema).filter((property) => property !== 'wait_for_previous');
          assert.deepEqual(taken, propertiesOf(jsonSchemaOf(input)));
        }
        const guidance = JSON.stringify(turn.body).includes('they use the right interpreter');
        assert.equal(guidance, agent.seesInstructions);
      });

      it('shows its model whole results: a script that fails, a venv, an install, and the script again', () => {
        const [failed, created, installed, worked] = seen.slice(0, 4).map((outcome) => wholeResult(agent, outcome));
        assert.equal((failed?.['exception'] as Fields | undefined)?.['type'], 'ModuleNotFoundError');
        assert.deepEqual([failed?.['success'], failed?.['exit_code']], [false, 1]);
        assert.deepEqual([created?.['success'], created?.['path']], [true, join(home.workspace, '.venv')]);
        assert.deepEqual(installed?.['installed'], [{ name: 'greeting', version: '1.0' }]);
        assert.deepEqual([worked?.['stdout'], worked?.['venv']], ['Grüße\n', '.venv']);
      });

      it(`${agent.seesPictures ? 'shows' : 'does not show'} its model a picture beside its result`, () => {
        assert.equal(wholeResult(agent, seen[4])['success'], true);
        assert.equal(JSON.stringify(turn.body).includes(picture), agent.seesPictures);
      });

      it('tells its model what a call lacked', () => {
        const text = seen[5]?.text.replaceAll('\\', '') ?? '';
        assert.match(text, /"error":\{"kind":"file_not_found","message":"File not found: nothing\.py","hint":/);
        assert.notEqual(seen[5]?.failed, false);
      });

      it('leaves a long output as we shortened it', () => {
        const { stdout, truncated } = wholeResult(agent, seen[6]);
        assert.match(String(stdout), /^\{"key": "0"\}\n[^]*bytes, \d+ lines left out[^]*\n\{"key": "9998"\}\n$/);
        assert.ok(truncated);
      });

      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        it(`leaves no process behind when ${signal} ends it during a run`, async () => {
          const project = await connectedHome();
          const code = [
            'import os, subprocess, sys, time',
            'child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)',
            'open("pids.tmp", "w").write(f"{os.getppid()} {os.getpid()} {child.pid}")',
            'os.rename("pids.tmp", "pids")',
            'time.sleep(600)',
          ].join('\n');
          const running = begin(project, [call('python.run', { code, timeout: 300 })]);
          const pids = (await appears(join(project.workspace, 'pids'), 1, 90_000)).split(' ');
          assert.equal(pids.length, 3);
          running.signal(signal);
          await running.output;
          for (const pid of pids) await ends(pid);
        });
      }

      const { limitFile } = agent;
      if (limitFile) {
        it('waits for an install beyond its time limit, as long as it hears of progress', async () => {
          const project = await connectedHome();
          const file = limitFile(project);
          const configuration = await readFile(file, 'utf8');
          assert.match(configuration, /"timeout": \d+/);
          await writeFile(file, configuration.replace(/"timeout": \d+/, '"timeout": 4000'));
          const slow = { name: 'slow', version: '1.0', buildTakes: 6 };
          const sdist = await writeSdist(join(project.home, 'sdists'), slow);
          const [outcome] = await play(project, [call('python.pip', { action: 'install', packages: [sdist] })]);
          const { installed, duration_ms } = wholeResult(agent, outcome);
          assert.deepEqual(installed, [{ name: 'slow', version: '1.0' }]);
          assert.ok(Number(duration_ms) > 6000);
        });
      }
    });

    it('calls the tools over HTTP', async () => {
      const home = await newHome();
      const workspace = openWorkspace([home.workspace]);
      const endpoint = await startEndpoint({
        folders: { pick: (wanted) => Promise.resolve(workspace.pick(wanted)) },
        wrap: (all) => all,
        onOutput: () => undefined,
        log: () => undefined,
      });
      try {
        await addFiles(home.home, agent.httpFiles(endpoint));
        const [outcome] = await play(home, [call('python.run', { code: 'print(6 * 7)' })]);
        assert.equal(wholeResult(agent, outcome)['stdout'], '42\n');
      } finally {
        await endpoint.close();
      }
    });
  });
}

/** @returns a result that reached the model byte for byte. */
function wholeResult({ around: [before, after] = [/^/, /$/] }: Agent, outcome: CallOutcome | undefined): Fields {
  assert.ok(outcome);
  const text = outcome.text.replace(before, '').replace(after, '');
  try {
    const fields = JSON.parse(text) as Fields;
    assert.equal(JSON.stringify(fields), text);
    return fields;
  } catch (cause) {
    throw new Error(`no whole result: ${outcome.text.slice(0, 2000)}`, { cause });
  }
}

/** @returns the names of what a tool takes, sorted. */
function propertiesOf(schema: unknown): string[] {
  return Object.keys((schema as { readonly properties?: object } | undefined)?.properties ?? {}).sort();
}
