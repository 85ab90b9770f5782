import type { Server } from './server';

/** The same for ours. As most of the others install through uv, it finds uv. */
export const ourServer: Server = {
  name: 'python-tools-mcp',
  calls: {
    run: (code) => ({ tool: 'python.run', input: { code } }),
    seesVenv: true,
    list: () => ({ tool: 'python.pip', input: { action: 'list' } }),
    show: (name) => ({ tool: 'python.pip', input: { action: 'show', packages: [name] } }),
    install: (name) => ({ tool: 'python.pip', input: { action: 'install', packages: [name] } }),
  },
  command: (folder, rig) => Promise.resolve(rig.server(folder, { PYTHON_TOOLS_UV: rig.uv })),
};
