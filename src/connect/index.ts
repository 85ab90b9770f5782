export { agents, scopesOf, type Agent, type AgentId, type Scope } from './agents';
export { connect } from './cli';
export { ConnectError, type Connection, type ConnectionPlan, type LaunchableServer } from './connection';
export { installedAgents } from './detect';
export { refreshKeptServer } from './keptServer';
export { serverOf } from './launch';
export { nodeOfExtension } from './node';
export { applyConnection, planConnection } from './planConnection';
