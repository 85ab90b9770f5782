import { join } from 'node:path';
import type { Measure } from '../comparison';
import { reasonOf } from '../reasonOf';
import type { Rig } from '../rig';
import { measureInTurn, type Effort, type Samples } from '../sampling';
import { copyVenv, venvOfHundred } from '../venvs';
import { ourServer } from './ourServer';
import { peers, serverOf, unpublished } from './peers';
import type { Server } from './server';
import type { Site, Work } from './work';

/** Another server, as the page names it. */
export interface PeerFacts {
  readonly name: string;
  readonly version: string | null;
  readonly from: string | null;
  readonly runs: string;
  /** Why nothing of it could be measured. */
  readonly failure: string | null;
}

/** What one server took for one work: figures where all its answers were right, else the reason for none. */
export type PeerResult = { readonly server: string } & (
  | { readonly samples: Samples; /** Its median, in multiples of ours. */ readonly ratio: number }
  | { readonly failure: string }
);

export interface WorkResult {
  readonly name: string;
  readonly title: string;
  readonly ours: Samples;
  /** Of the servers that offer it. */
  readonly peers: readonly PeerResult[];
}

export interface PeersReport {
  readonly servers: readonly PeerFacts[];
  readonly work: readonly WorkResult[];
}

/** Measures other servers at the work, each in turn with ours. @throws where ours fails. */
export async function measurePeers(
  work: readonly Work[],
  rig: Rig,
  { effort, say }: { readonly effort: Effort; readonly say: (text: string) => void },
): Promise<PeersReport> {
  const sites = [await siteOf(ourServer, rig)];
  const failures = new Map<string, string>();
  for (const peer of peers) {
    try {
      const site = await siteOf(await serverOf(peer, rig), rig);
      await (await rig.connect(site.command)).close();
      sites.push(site);
    } catch (cause) {
      const reason = peer.needs === undefined ? reasonOf(cause) : `${reasonOf(cause)} It needs ${peer.needs}.`;
      failures.set(peer.name, reason);
      say(`${peer.name} takes no part, since ${reason}`);
    }
  }
  const results: WorkResult[] = [];
  for (const each of work) {
    const result = await measureWork(each, sites, rig, effort);
    results.push(result);
    for (const peer of result.peers) {
      const outcome = 'ratio' in peer ? `${peer.ratio.toFixed(1)}× ours` : `no figure, since ${peer.failure}`;
      say(`${each.name}, ${peer.server}: ${outcome}`);
    }
  }
  const facts = peers.map(({ name, version, from, runs }) => ({
    ...{ name, version, from, runs },
    failure: failures.get(name) ?? null,
  }));
  const others = unpublished.map(({ name, failure }) => ({ name, failure, version: null, from: null, runs: '' }));
  return { servers: [...facts, ...others], work: results };
}

async function measureWork({ name, title, prepare }: Work, sites: readonly Site[], rig: Rig, effort: Effort) {
  try {
    const failures = new Map<string, string>();
    const contenders: { readonly server: Server; readonly measure: Measure }[] = [];
    for (const { server, ...site } of sites) {
      try {
        const measure = await prepare({ server, ...site });
        if (!measure) continue;
        await measure();
        contenders.push({ server, measure });
      } catch (cause) {
        if (server === ourServer) throw cause;
        failures.set(server.name, reasonOf(cause));
      }
    }
    // One that fails later has no figure either; the others go on.
    const measures = contenders.map(({ server, measure }) => async () => {
      if (failures.has(server.name)) return NaN;
      return await measure().catch((cause: unknown) => {
        if (server === ourServer) throw cause;
        failures.set(server.name, reasonOf(cause));
        return NaN;
      });
    });
    const [ours, ...others] = await measureInTurn(measures, effort);
    if (!ours) throw new Error('nothing was measured');
    const measured = others.flatMap((samples, index) => {
      const server = contenders[index + 1]?.server.name ?? '';
      return failures.has(server) ? [] : [{ server, samples, ratio: samples.median / ours.median }];
    });
    return {
      name,
      title,
      ours,
      peers: [...measured, ...[...failures].map(([server, failure]) => ({ server, failure }))],
    };
  } finally {
    await rig.close();
  }
}

/** @returns the server with a folder of its own, since some leave files there. */
async function siteOf(server: Server, rig: Rig): Promise<Site> {
  const folder = await rig.folder();
  copyVenv(await rig.shared(venvOfHundred), join(folder, '.venv'));
  return { rig, server, folder, command: await server.command(folder, rig) };
}
