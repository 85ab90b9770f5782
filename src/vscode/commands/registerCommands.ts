import { commands, Disposable } from 'vscode';
import { notifyError } from '../notifyError';
import type { Parts } from '../parts';
import { readArguments, type CommandArguments } from './commandArguments';
import type { runCommands } from './runPython';

type Command = (parts: Parts, args: CommandArguments) => Promise<unknown>;

/**
 * Registers all commands; each is loaded when it is first executed. What one throws is said to the user; its result goes
 * to whoever executed it.
 */
export function registerCommands(parts: Parts): Disposable {
  let runs: Promise<ReturnType<typeof runCommands>> | undefined;
  const loadRuns = async () => await (runs ??= import('./runPython').then((module) => module.runCommands()));
  const all: Readonly<Record<string, () => Promise<Command>>> = {
    createEnvironment: async () => (await import('./createEnvironment')).createEnvironment,
    selectEnvironment: async () => (await import('../environmentPicker')).pickEnvironment,
    deleteEnvironment: async () => (await import('./deleteEnvironment')).deleteEnvironment,
    installPackages: async () => (await import('./installPackages')).installPackages,
    installRequirements: async () => (await import('./installRequirements')).installRequirements,
    uninstallPackages: async () => (await import('./changePackages')).uninstallPackages,
    upgradePackages: async () => (await import('./changePackages')).upgradePackages,
    showPackages: async () => (await import('./showPackages')).showPackages,
    freezeRequirements: async () => (await import('./freezeRequirements')).freezeRequirements,
    runFile: async () => (await loadRuns()).runFile,
    runSelection: async () => (await loadRuns()).runSelection,
    stopRun: async () => (await loadRuns()).stopRun,
    connectAgent: async () => (await import('./connectAgent')).connectAgent,
    restart: async () => (await import('./restart')).restart,
    showOutput: () => Promise.resolve(showOutput),
  };
  const registered = Object.entries(all).map(([name, load]) =>
    commands.registerCommand(`pythonTools.${name}`, async (argument: unknown) => {
      try {
        const command = await load();
        return await command(parts, readArguments(argument));
      } catch (error) {
        notifyError(parts.log, error);
        return undefined;
      }
    }),
  );
  return Disposable.from(
    ...registered,
    new Disposable(
      () =>
        void runs?.then((started) => {
          started.dispose();
        }),
    ),
  );
}

const showOutput: Command = ({ log }) => {
  log.show();
  return Promise.resolve();
};
