import { env, Uri, window, workspace } from 'vscode';
import { version } from '../../../package.json';
import type * as ConnectModule from '../../connect';
import type { Agent, Connection, ConnectionPlan, LaunchableServer, Scope } from '../../connect';
import { thisMachine } from '../../core/files/storage';
import { offer } from '../offer';
import type { Parts } from '../parts';
import type { CommandArguments } from './commandArguments';
import { showChange } from './showChange';

type Connect = typeof ConnectModule;

/** Where an agent would be connected, and what that would change; or why it cannot be. */
interface Choice {
  readonly agent: Agent;
  readonly scope: Scope;
  readonly plan: ConnectionPlan | undefined;
  readonly error: unknown;
}

const scopeNames = { project: 'this project', user: 'all projects' } as const;
const name = 'python';

/** Adds the server to another agent's configuration, or takes it out: shows the change first. */
export async function connectAgent(parts: Parts, args: CommandArguments): Promise<ConnectionPlan | undefined> {
  const connect = await import('../../connect');
  const project = await chooseProject(parts, args);
  const server = await serverOfExtension(connect);
  const choices = await possibleChoices(connect, project, server);
  const chosen = await choose(choices, connect, project);
  if (!chosen) return undefined;
  if (!chosen.plan) {
    await explain(connect, chosen.error);
    return undefined;
  }
  if (chosen.plan.change === 'connected') return await offerRemoval(connect, connectionOf(chosen, project, server));
  return await propose(connect, chosen.plan, server.prepare);
}

/** Files of a project are written only where it is trusted: an agent runs what they say. */
async function chooseProject({ workspace: open }: Parts, { folder }: CommandArguments): Promise<string | undefined> {
  if (!workspace.isTrusted || open.folders.length === 0) return undefined;
  if (folder !== undefined) return open.pick({ folder, paths: [] }).root;
  if (open.folders.length === 1) return open.folders[0]?.root;
  return (await window.showWorkspaceFolderPick({ placeHolder: 'Which project?' }))?.uri.fsPath;
}

/** The bundles lie beside each other: this one is loaded from the folder of the build. */
async function serverOfExtension({ nodeOfExtension, serverOf }: Connect): Promise<LaunchableServer> {
  const machine = thisMachine();
  const host = { execPath: process.execPath, isElectron: 'electron' in process.versions };
  const node = await nodeOfExtension(host, machine);
  const server = serverOf(__dirname, version, node.launch, machine);
  return {
    launch: server.launch,
    prepare: async () => {
      await node.prepare();
      await server.prepare();
    },
  };
}

const connectionOf = (
  { agent, scope }: { agent: Agent; scope: Scope },
  project: string | undefined,
  { launch }: LaunchableServer,
): Connection => {
  const machine = thisMachine();
  return { agent: agent.id, scope, project: project ?? machine.home, name, launch, machine };
};

async function possibleChoices(
  { agents, scopesOf, planConnection }: Connect,
  project: string | undefined,
  server: LaunchableServer,
): Promise<readonly Choice[]> {
  const places = agents
    .filter(({ id }) => id !== 'vscode')
    .flatMap((agent) => scopesOf(agent).map((scope) => ({ agent, scope })))
    .filter(({ scope }) => scope === 'user' || project !== undefined);
  return await Promise.all(
    places.map(async (place) =>
      planConnection(connectionOf(place, project, server)).then(
        (plan) => ({ ...place, plan, error: undefined }),
        (error: unknown) => ({ ...place, plan: undefined, error }),
      ),
    ),
  );
}

/** Asks for the agent, those of this machine first, and then where its configuration is to be. */
async function choose(
  choices: readonly Choice[],
  { installedAgents }: Connect,
  project: string | undefined,
): Promise<Choice | undefined> {
  const machine = thisMachine();
  const found = installedAgents({ project: project ?? machine.home, machine });
  const known = [...new Set(choices.map(({ agent }) => agent))];
  const sorted = [
    ...known.filter((agent) => found.includes(agent)),
    ...known.filter((agent) => !found.includes(agent)),
  ];
  const items = sorted.map((agent) => {
    const own = choices.filter((choice) => choice.agent === agent);
    const connected = own.filter(({ plan }) => plan?.change === 'connected').map(({ scope }) => scopeNames[scope]);
    const state = connected.length > 0 ? `connected in ${connected.join(' and ')}` : '';
    return { label: agent.title, description: state || (found.includes(agent) ? 'found on this machine' : ''), own };
  });
  // The files are those of the machine that the extension runs on.
  const where = env.remoteName === undefined ? '' : ` (on the remote machine: ${env.remoteName})`;
  const title = `Connect Another Agent${where}`;
  const agent = await window.showQuickPick(items, { title, placeHolder: 'Which agent is to have the Python tools?' });
  if (!agent || agent.own.length < 2) return agent?.own[0];
  const scopes = agent.own.map((choice) => ({
    label: choice.scope === 'project' ? 'This project' : 'All projects',
    description: choice.plan?.change === 'connected' ? 'connected' : '',
    detail: choice.plan?.file ?? '',
    choice,
  }));
  return (await window.showQuickPick(scopes, { title: `Connect ${agent.label}`, placeHolder: 'Where?' }))?.choice;
}

/** Shows the change beside the file as it is, and writes it if the user agrees. */
async function propose(
  { applyConnection }: Connect,
  plan: ConnectionPlan,
  prepare: () => Promise<void>,
): Promise<ConnectionPlan | undefined> {
  const shown = await showChange(plan);
  const verb = plan.change === 'remove' ? 'Remove from' : 'Write';
  const message = [`${verb} ${plan.file}?`, ...plan.notes].join(' ');
  const buttons = plan.change === 'remove' ? ['Remove'] : ['Write', 'Copy'];
  const answer = await window.showInformationMessage(message, ...buttons);
  await shown.close();
  if (answer === 'Copy') await env.clipboard.writeText(plan.paste);
  if (answer !== 'Write' && answer !== 'Remove') return undefined;
  if (answer === 'Write') await prepare();
  await applyConnection(plan);
  await window.showTextDocument(Uri.file(plan.file));
  return plan;
}

async function offerRemoval(connect: Connect, connection: Connection): Promise<ConnectionPlan | undefined> {
  const plan = await connect.planConnection(connection, { remove: true });
  const message = `${plan.file} has the Python tools already. New sessions of the agent have them.`;
  const answer = await window.showInformationMessage(message, 'Open File', 'Remove');
  if (answer === 'Open File') await window.showTextDocument(Uri.file(plan.file));
  return answer === 'Remove' ? await propose(connect, plan, () => Promise.resolve()) : undefined;
}

/** Says why a configuration is left as it is, with what can be put into it by hand. */
async function explain({ ConnectError }: Connect, error: unknown): Promise<void> {
  if (!(error instanceof ConnectError)) throw error;
  const { message, paste } = error;
  if (paste === undefined) {
    offer(window.showErrorMessage, message);
    return;
  }
  const answer = await window.showErrorMessage(message, 'Copy Entry');
  if (answer === 'Copy Entry') await env.clipboard.writeText(paste);
}
