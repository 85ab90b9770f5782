import { join } from 'node:path';
import { reasonOf } from '../reasonOf';
import type { Rig } from '../rig';
import type { Effort, Samples } from '../sampling';
import { copyVenv, venvOfHundred } from '../venvs';
import { compareInTurn, type Contender, type PeerResult } from './compareInTurn';
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

export interface WorkResult {
  readonly name: string;
  readonly title: string;
  readonly ours: Samples;
  /** Of the servers that offer it. */
  readonly peers: readonly PeerResult[];
}

/** Where the servers work. */
interface Sites {
  readonly ours: Site;
  readonly peers: Site[];
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
  const sites: Sites = { ours: await siteOf(ourServer, rig), peers: [] };
  const failures = new Map<string, string>();
  for (const peer of peers) {
    try {
      const site = await siteOf(await serverOf(peer, rig), rig);
      await (await rig.connect(site.command)).close();
      sites.peers.push(site);
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

async function measureWork(
  { name, title, prepare }: Work,
  sites: Sites,
  rig: Rig,
  effort: Effort,
): Promise<WorkResult> {
  try {
    const ours = await prepare(sites.ours);
    if (!ours) throw new Error(`${name} is not among our calls`);
    const contenders: Contender[] = [];
    for (const site of sites.peers) {
      const server = site.server.name;
      try {
        const measure = await prepare(site);
        if (measure) contenders.push({ server, measure });
      } catch (cause) {
        contenders.push({ server, failure: reasonOf(cause) });
      }
    }
    return { name, title, ...(await compareInTurn(ours, contenders, effort)) };
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
