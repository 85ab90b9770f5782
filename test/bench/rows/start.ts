import { atMostMore, expectEqual, timed, type Row } from '../comparison';
import type { Command, Rig } from '../rig';

/** @returns the time from the start of a server to its list of tools. */
export const startToTools = (rig: Rig, server: Command) => async () => {
  const started = performance.now();
  const { client, close } = await rig.connect(server);
  const { tools } = await client.listTools();
  const took = performance.now() - started;
  await close();
  expectEqual(tools.length, 3, 'tools offered');
  return took;
};

export const start: Row = {
  name: 'start',
  title: 'server start to `tools/list`',
  against: '`node -e 0`',
  target: atMostMore(120),
  prepare: async (rig) => ({
    ours: startToTools(rig, rig.server(await rig.folder())),
    other: timed(async () => await rig.run({ command: process.execPath, args: ['-e', '0'] })),
  }),
};

export const roundTrip: Row = {
  name: 'round-trip',
  title: 'an empty MCP round trip (`ping`), part of every call above',
  prepare: async (rig) => {
    const { client } = await rig.serve(await rig.folder());
    return { ours: timed(async () => await client.ping()) };
  },
};
