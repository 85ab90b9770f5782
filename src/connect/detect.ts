import { existsSync } from 'node:fs';
import { executableFile } from '../core/interpreters/executableFile';
import { pathRules } from '../core/storage';
import { agents, type Agent, type Place } from './agents';

/** @returns the agents that this machine has, by their commands and folders. */
export const installedAgents = (place: Place): readonly Agent[] => agents.filter((agent) => isInstalled(agent, place));

function isInstalled({ commands, folders }: Agent, place: Place): boolean {
  return folders(place).some((folder) => existsSync(folder)) || commands.some((command) => isOnPath(command, place));
}

function isOnPath(command: string, { machine: { env, platform } }: Place): boolean {
  const rules = pathRules(platform);
  const names = platform === 'win32' ? ['.exe', '.cmd'].map((ending) => command + ending) : [command];
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(rules.delimiter)
    .filter((folder) => rules.isAbsolute(folder))
    .some((folder) => names.some((name) => executableFile(rules.join(folder, name), platform) !== undefined));
}
