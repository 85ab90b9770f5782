import type { ModelMove } from '../../support/model/dialect';

/** Where an agent runs, and what it finds there. */
export interface Place {
  /** Its home folder, empty but for what a test puts there. */
  readonly home: string;
  /** The project that it works on: its current folder. */
  readonly workspace: string;
  /** Address of the model, before the path of an API. */
  readonly model: string;
}

/** An MCP server over HTTP. */
export interface HttpServer {
  readonly url: string;
  /** The value of the `Authorization` header. */
  readonly authorization: string;
}

/** Files by path, below a home folder. */
export type HomeFiles = Record<string, string | object>;

/** How one coding agent is installed, configured and driven without a person. */
export interface Agent {
  /** As `connect` calls it. */
  readonly name: string;
  /** npm's package and its version. */
  readonly package: string;
  readonly version: string;
  /** The program below `node_modules`: a native binary, or a script that Node runs. */
  readonly program: (platform: string) => string;
  /** What its model calls one of our tools, say "python.run". */
  readonly toolName: (name: string) => string;
  /** What its model does first where it is told of tools only when it searches for them. */
  readonly search?: ModelMove;
  /** What it puts around a result. Default: nothing. */
  readonly around?: readonly [before: RegExp, after: RegExp];
  /** Whether its model sees a picture beside a result. */
  readonly seesPictures: boolean;
  /** Whether the guidance of a server reaches its model. */
  readonly seesInstructions: boolean;
  /** The configuration that `connect` wrote, where progress extends the time limit of a call that stands in it. */
  readonly limitFile?: (place: Place) => string;
  /** Its own configuration: a model on loopback, and nothing else on the network. */
  readonly files: (place: Place) => HomeFiles;
  /** The configuration of a server over HTTP. */
  readonly httpFiles: (server: HttpServer) => HomeFiles;
  readonly env: (place: Place) => Record<string, string>;
  /** Arguments that make it answer a prompt, allow our tools, and end. */
  readonly args: (prompt: string) => string[];
}
