import { commands, Disposable } from 'vscode';
import { pickEnvironment } from '../environmentPicker';
import { notifyError } from '../notifyError';
import type { Parts } from '../parts';
import { uninstallPackages, upgradePackages } from './changePackages';
import { readArguments, type CommandArguments } from './commandArguments';
import { connectAgent } from './connectAgent';
import { createEnvironment } from './createEnvironment';
import { deleteEnvironment } from './deleteEnvironment';
import { freezeRequirements } from './freezeRequirements';
import { installPackages } from './installPackages';
import { installRequirements } from './installRequirements';
import { restart } from './restart';
import { runCommands } from './runPython';
import { showPackages } from './showPackages';

type Command = (parts: Parts, args: CommandArguments) => Promise<unknown>;

/** Registers all commands. What one throws is said to the user; its result goes to whoever executed it. */
export function registerCommands(parts: Parts): Disposable {
  const runs = runCommands();
  const all: Readonly<Record<string, Command>> = {
    createEnvironment,
    selectEnvironment: pickEnvironment,
    deleteEnvironment,
    installPackages,
    installRequirements,
    uninstallPackages,
    upgradePackages,
    showPackages,
    freezeRequirements,
    runFile: runs.runFile,
    runSelection: runs.runSelection,
    stopRun: runs.stopRun,
    connectAgent,
    restart,
    showOutput: ({ log }) => {
      log.show();
      return Promise.resolve();
    },
  };
  const registered = Object.entries(all).map(([name, command]) =>
    commands.registerCommand(`pythonTools.${name}`, async (argument: unknown) => {
      try {
        return await command(parts, readArguments(argument));
      } catch (error) {
        notifyError(parts.log, error);
        return undefined;
      }
    }),
  );
  return Disposable.from(...registered, runs);
}
