// The results page and its chart, made from docs/performance.json; scripts/generate.mjs writes them.

const number = (value) => value.toFixed(value < 1 ? 2 : value < 20 ? 1 : 0);

/** @returns such as "0.70×", "50× faster", "+50 ms", "20 ms". */
function amount({ kind }, value, unit) {
  if (kind === 'times') return `${value.toFixed(2)}×`;
  if (kind === 'faster') return `${number(value)}× faster`;
  if (kind === 'more') return `${value < 0 ? '−' : '+'}${number(Math.abs(value))} ${unit}`;
  return `${number(value)} ${unit}`;
}

const target = ({ target: wanted, unit }) =>
  wanted ? `${wanted.kind === 'faster' ? '≥' : '≤'} ${amount(wanted, wanted.limit, unit)}` : '';
const median = (samples, unit) =>
  samples ? `${number(samples.median)} ${unit} (${number(samples.low)}–${number(samples.high)})` : '';
const tableOf = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const reached = ({ reached: yes }) => (yes === null ? '' : yes ? 'yes' : '**no**');

/** @returns docs/performance.md. */
export function performancePage({ date, version, machine, rows, skipped, peers }) {
  const measured = rows.map((row) => [
    row.title,
    row.against ?? '',
    row.target ? `**${amount(row.target, row.figure, row.unit)}**` : `${number(row.ours.median)} ${row.unit}`,
    target(row),
    reached(row),
    median(row.ours, row.unit),
    median(row.other, row.unit),
  ]);
  const missed = rows
    .filter((row) => row.reached === false && row.limit)
    .map(({ title, limit }) => `- ${title}: ${limit}`);
  const { uv } = machine;
  return `# Performance

Version ${version}, measured on ${date} by \`npm run bench\`. Each figure compares medians of things that were done in turn, in
one run: our call as an MCP client makes it over stdio, and what one would run by hand instead. In parentheses: the
quartiles. This page is generated from \`performance.json\`.

Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memory}, ${machine.system}; Node.js ${machine.node}, Python ${machine.python}, pip ${machine.pip}, ${uv === null ? 'no uv' : `uv ${uv}`};
Pythons to discover: ${machine.pythons.join(', ')}.

![How long each takes, compared with what it is measured against](performance.svg)

${tableOf(['what', 'against', 'measured', 'to reach', 'reached', 'ours', 'the other'], measured)}
${missed.length > 0 ? `\nWhat keeps the others from their targets:\n\n${missed.join('\n')}\n` : ''}${skipped.length > 0 ? `\nNot measured:\n\n${skipped.map(({ name, reason }) => `- ${name}: ${reason}`).join('\n')}\n` : ''}${peers ? peersPart(peers, version) : ''}`;
}

/** @returns a table of other servers: a row for each of them, a column for each work. */
function peersPart({ servers, work }, version) {
  const ours = ['**this project**', version, 'a process each', ...work.map((each) => `${number(each.ours.median)} ms`)];
  const cell = (each, name) => {
    const result = each.peers.find(({ server }) => server === name);
    if (!result) return '';
    return result.samples ? `${number(result.samples.median)} ms (**${number(result.ratio)}×**)` : 'no figure';
  };
  const others = servers
    .filter(({ failure }) => failure === null)
    .map(({ name, from, runs, ...each }) => [
      `\`${name}\``,
      `${each.version} (${from})`,
      runs,
      ...work.map((column) => cell(column, name)),
    ]);
  const reasons = [
    ...servers.filter(({ failure }) => failure !== null).map(({ name, failure }) => [name, failure]),
    ...work.flatMap(({ title, peers }) =>
      peers.filter(({ failure }) => failure).map(({ server, failure }) => [`${server}, ${title}`, failure]),
    ),
  ];
  const code = (text) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
  return `
## Other MCP servers

Driven by the same client over stdio, with the same work in turn, each in a folder of its own that has a venv of 100
packages. In bold: their median as a multiple of ours, in the same run. A server that answers wrongly has no figure; an
empty cell is work that it does not offer. Where all runs share the server's interpreter, one finds what the others left
behind, and a crash ends the server: they save what a process costs.

${tableOf(['server', 'version', 'its runs are', ...work.map(({ title }) => title)], [ours, ...others])}
${reasons.length > 0 ? `\nNot measured:\n\n${reasons.map(([what, reason]) => `- ${what}: ${code(reason)}`).join('\n')}\n` : ''}`;
}

const escaped = (text) => text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** @returns docs/performance.svg: for each row two bars on a logarithmic scale, readable on light and dark pages. */
export function performanceChart({ rows }) {
  const timed = rows.filter(({ unit, other }) => unit === 'ms' && other);
  const [left, width, height] = [400, 400, 40];
  const values = timed.flatMap(({ ours, other }) => [ours.median, other.median]);
  const least = Math.log10(Math.min(...values, 1));
  const most = Math.log10(Math.max(...values, 10));
  const x = (value) => Math.round(left + (width * (Math.log10(value) - least)) / (most - least));
  const bar = (value, y, name) =>
    `<rect class="${name}" x="${left}" y="${y}" width="${Math.max(2, x(value) - left)}" height="12" rx="2"/>` +
    `<text class="value" x="${Math.max(left + 2, x(value)) + 6}" y="${y + 10}">${number(value)} ms</text>`;
  const lines = timed.map(({ title, against, ours, other }, index) => {
    const y = 44 + index * height;
    return [
      `<text text-anchor="end" x="${left - 10}" y="${y + 10}">${escaped(title)}</text>`,
      `<text class="against" text-anchor="end" x="${left - 10}" y="${y + 25}">${escaped(against)}</text>`,
      bar(ours.median, y, 'ours'),
      bar(other.median, y + 15, 'other'),
    ].join('\n');
  });
  const total = 44 + timed.length * height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 100} ${total}" role="img" aria-label="Medians in milliseconds">
<style>
text { font: 12px system-ui, sans-serif; fill: #57606a }
.against, .value { font-size: 11px }
.ours { fill: #2f81f7 }
.other { fill: #8b949e }
@media (prefers-color-scheme: dark) { text { fill: #adbac7 } }
</style>
<rect class="ours" x="${left}" y="12" width="12" height="12" rx="2"/><text x="${left + 18}" y="22">this project</text>
<rect class="other" x="${left + 120}" y="12" width="12" height="12" rx="2"/><text x="${left + 138}" y="22">by hand (logarithmic, shorter is faster)</text>
${lines.join('\n')}
</svg>
`;
}
