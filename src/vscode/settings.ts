import { Uri, workspace } from 'vscode';
import { defaultSettings } from '../core/settings';
import type { ExtensionSettings } from './parts';

/** The section of all settings. */
export const section = 'pythonTools';

/** @returns the settings as they are now, for a folder where one is given. Values that are not valid count as unset. */
export function readSettings(root?: string): ExtensionSettings {
  const configuration = workspace.getConfiguration(section, root === undefined ? undefined : Uri.file(root));
  const text = (name: string, fallback: string): string => {
    const value = configuration.get<unknown>(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : fallback;
  };
  const flag = (name: string, fallback: boolean): boolean => {
    const value = configuration.get<unknown>(name);
    return typeof value === 'boolean' ? value : fallback;
  };
  const seconds = (name: string, fallback: number): number => {
    const value = configuration.get<unknown>(name);
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : fallback;
  };
  const oneOf = <const Value extends string>(name: string, allowed: readonly [Value, ...Value[]]): Value =>
    allowed.find((value) => value === configuration.get<unknown>(name)) ?? allowed[0];
  const names = (name: string): readonly string[] => {
    const value = configuration.get<unknown>(name);
    const texts = Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
    return texts.map((each) => each.trim()).filter((each) => each !== '');
  };
  return {
    enable: flag('enable', true),
    interpreter: text('interpreter', defaultSettings.interpreter),
    autoCreateVenv: flag('autoCreateVenv', defaultSettings.autoCreateVenv),
    defaultTimeout: seconds('defaultTimeout', defaultSettings.defaultTimeout),
    maxTimeout: seconds('maxTimeout', defaultSettings.maxTimeout),
    installer: oneOf('installer', ['auto', 'uv', 'pip']),
    keepInterpreterReady: flag('keepInterpreterReady', defaultSettings.keepInterpreterReady),
    runEnvironment: {
      // A value that is misspelled was meant to show less.
      inherit: configuration.get<unknown>('run.environment', 'all') === 'all' ? 'all' : 'minimal',
      pass: names('run.passVariables'),
      withhold: names('run.withholdVariables'),
      file: text('run.envFile', defaultSettings.runEnvironment.file),
    },
    chatIntegration: oneOf('chat.integration', ['languageModelTools', 'mcp', 'both']),
    trustRuns: flag('chat.trustRuns', false),
    trustInstalls: flag('chat.trustInstalls', false),
    showInstallPlan: flag('chat.showInstallPlan', false),
    syncWithPythonExtension: oneOf('syncWithPythonExtension', ['follow', 'push', 'off']),
    activateTerminals: flag('terminal.activateEnvironment', true),
  };
}
