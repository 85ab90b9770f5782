import { existsSync } from 'node:fs';
import { executableFile } from '../core/interpreters/executableFile';
import { pathFolders } from '../core/interpreters/pathFolders';
import { pathRules } from '../core/files/storage';
import { agents, type Agent, type Place } from './agents';

/** @returns the agents that this machine has, by their commands and folders. */
export const installedAgents = (place: Place): readonly Agent[] => agents.filter((agent) => isInstalled(agent, place));

function isInstalled({ commands, folders }: Agent, place: Place): boolean {
  return folders(place).some((folder) => existsSync(folder)) || commands.some((command) => isOnPath(command, place));
}

function isOnPath(command: string, { machine }: Place): boolean {
  const { platform } = machine;
  const names = platform === 'win32' ? ['.exe', '.cmd', '.bat'].map((ending) => command + ending) : [command];
  return pathFolders(machine)
    .flatMap((folder) => names.map((name) => pathRules(platform).join(folder, name)))
    .some((file) => executableFile(file, platform) !== undefined);
}
