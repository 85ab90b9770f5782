/** Where an agent runs, and what it finds there. */
export interface Place {
  /** Its home folder, empty but for what a test puts there. */
  readonly home: string;
  /** The project that it works on: its current folder. */
  readonly workspace: string;
  /** Address of the model, before the path of an API. */
  readonly model: string;
}

/** How one coding agent is installed, configured and driven without a person. */
export interface Agent {
  /** As `connect` calls it. */
  readonly name: string;
  /** npm's package and its version. */
  readonly package: string;
  readonly version: string;
  /** The program below `node_modules`: a native binary, or a script that Node runs. */
  readonly program: (platform: string) => string;
  /** What its model calls one of our tools ("python.run"). */
  readonly toolName: (name: string) => string;
  /** Its own configuration (a model on loopback, nothing else on the network): by path below its home. */
  readonly files: (place: Place) => Record<string, string | object>;
  readonly env: (place: Place) => Record<string, string>;
  /** Arguments that make it answer a prompt, allow our tools, and end. */
  readonly args: (prompt: string, place: Place) => string[];
}
