import { join } from 'node:path';
import { atMost, type Row } from '../comparison';
import type { Rig } from '../rig';

/** @returns what an activation cost. */
async function activation(rig: Rig, folder: string): Promise<{ milliseconds: number; kilobytes: number }> {
  const args = ['test/bench/rows/activate.cjs', join(rig.dist, 'extension.js'), folder];
  return JSON.parse(await rig.run({ command: process.execPath, args })) as {
    milliseconds: number;
    kilobytes: number;
  };
}

export const activationTime: Row = {
  name: 'activation',
  title: 'extension: loading and `activate()`, with a stand-in for the VS Code API',
  target: atMost(20),
  prepare: async (rig) => {
    const folder = await rig.folder();
    return { ours: async () => (await activation(rig, folder)).milliseconds };
  },
};

export const activationCode: Row = {
  name: 'activation-code',
  title: 'extension: code loaded at activation',
  unit: 'KB',
  target: atMost(100),
  prepare: async (rig) => {
    const folder = await rig.folder();
    return { ours: async () => (await activation(rig, folder)).kilobytes };
  },
};
