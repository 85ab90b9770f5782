import { extension, readLog, until } from './support';

describe('Activation', () => {
  it('comes by itself once VS Code has started', async () => {
    await until(() => extension().isActive);
  });

  // A figure to read, since other work on the machine counts too: 5 ms on an idle one, of the 20 ms that it may take.
  it('says in the log how long it took', async () => {
    const line = /Activated in (\d+) ms/;
    await until(async () => line.test(await readLog()));
    const took = line.exec(await readLog())?.[1];
    console.log(`activate() took ${String(took)} ms`);
  });
});
