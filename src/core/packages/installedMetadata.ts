import type { Environment } from '../environment';
import type { Distribution } from './distribution';
import { type Installation, readInstallation } from './distributions';
import { FileStamps } from '../files/fileStamps';

export type { Distribution } from './distribution';

/**
 * What is installed in environments, read from their files and kept until one of the folders searched changes. One
 * instance serves list, freeze, show, package counts and the comparison before and after an install.
 */
export class InstalledMetadata {
  private readonly kept = new Map<string, { readonly stamps: FileStamps; readonly installation: Installation }>();

  /** @returns the installed distributions, at most one of each name, with no distribution that another one shadows. */
  async read(environment: Environment): Promise<readonly Distribution[]> {
    return (await this.readInstallation(environment)).distributions;
  }

  /** @returns the same, with the rules of the environment's pip. */
  async readInstallation(environment: Environment): Promise<Installation> {
    const { path, version, libraries } = environment;
    const key = JSON.stringify([path, version, libraries.own, libraries.inherited]);
    const kept = this.kept.get(key);
    if (kept?.stamps.unchanged() === true) return kept.installation;
    // Two callers at once each read for themselves: what one began to read before an install is too old for the other.
    const stamps = new FileStamps();
    const installation = await readInstallation(environment, stamps);
    this.kept.set(key, { stamps, installation });
    return installation;
  }

  /** Reads every environment anew from now on. */
  forget(): void {
    this.kept.clear();
  }
}
