import type { Row } from '../comparison';
import { activationCode, activationLoad, activationTime } from './activation';
import { discoveryCold, discoveryWarm, discoveryFirst } from './discovery';
import { installWithPip, installWithUv } from './install';
import { largeStart, largeVenvList, largeWatcher } from './largeFolder';
import { memoryAfterOutput, memoryIdle, memoryWaiting } from './memory';
import { freeze, list, show } from './packages';
import { runBackToBack, runFile, runPrint, runsAtOnce } from './runs';
import { roundTrip, start } from './start';
import { createWithoutUv, createWithUv } from './venvCreate';
import { eventLoop, venvInfo } from './venvInfo';
import { venvListCold, venvListWarm } from './venvList';

/** The lines of the table, in their order. */
export const rows: readonly Row[] = [
  runPrint,
  runBackToBack,
  runFile,
  runsAtOnce,
  list,
  freeze,
  show,
  venvListCold,
  venvListWarm,
  venvInfo,
  eventLoop,
  createWithUv,
  createWithoutUv,
  installWithUv,
  installWithPip,
  discoveryCold,
  discoveryWarm,
  discoveryFirst,
  largeStart,
  largeWatcher,
  largeVenvList,
  start,
  roundTrip,
  activationTime,
  activationLoad,
  activationCode,
  memoryIdle,
  memoryAfterOutput,
  memoryWaiting,
];
