import { join } from 'node:path';

/** Waits, in Python, for a file that a daemon writes its pid to as a whole. */
const wait = (file: string): string =>
  `import os, time\nwhile not os.path.exists(${JSON.stringify(file)}): time.sleep(0.01)`;

/** A daemon in Python: in a session of its own, an orphan, without environment, files or folder of the program's. */
const detached = (file: string, start: string): string =>
  [
    'import os, sys',
    'if os.fork() == 0:',
    '    os.setsid()',
    '    if os.fork(): os._exit(0)',
    '    os.chdir("/")',
    '    os.closerange(0, 256)',
    `    ${start}`,
    'os.wait()',
    wait(file),
  ].join('\n');

const sleepInPython = (file: string): string =>
  `import os, time; open(${JSON.stringify(`${file}.new`)}, "w").write(str(os.getpid())); os.rename(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)}); time.sleep(600)`;
const sleepInShell = (file: string): string => `echo $$ > '${file}.new'; mv '${file}.new' '${file}'; exec sleep 600`;

/**
 * Programs in Python that start a process which leaves behind all that a child inherits, where Linux lets it, and go on
 * once it has written its pid to the file.
 */
export const daemons: Readonly<Record<string, (file: string) => string>> = {
  'by the shell: setsid env -i … &': (file) =>
    [
      'import subprocess',
      `subprocess.run(["/bin/sh", "-c", ${JSON.stringify(`setsid env -i /bin/sh -c "${sleepInShell(file).replaceAll('$', '\\$')}" </dev/null >/dev/null 2>&1 &`)}])`,
      wait(file),
    ].join('\n'),
  'by two forks and an exec without environment': (file) =>
    detached(file, `os.execve(sys.executable, [sys.executable, "-c", ${JSON.stringify(sleepInPython(file))}], {})`),
  'by posix_spawn in a session of its own': (file) =>
    detached(
      file,
      `os.posix_spawn("/bin/sh", ["sh", "-c", ${JSON.stringify(sleepInShell(file))}], {}, setsid=True); os._exit(0)`,
    ),
  'by subprocess, whose parent is gone': (file) =>
    [
      'import subprocess, sys',
      `subprocess.run([sys.executable, "-c", ${JSON.stringify(`import subprocess; subprocess.Popen(["/bin/sh", "-c", ${JSON.stringify(sleepInShell(file))}], env={}, start_new_session=True, cwd="/", stdin=-3, stdout=-3, stderr=-3)`)}])`,
      wait(file),
    ].join('\n'),
  'by Perl': (file) =>
    [
      'import shutil, subprocess',
      `subprocess.run([shutil.which("perl") or "perl", "-MPOSIX", "-e", ${JSON.stringify(`if (!fork) { setsid; exit if fork; %ENV = (); POSIX::close($_) for 0..63; exec "/bin/sh", "-c", q{${sleepInShell(file)}} } wait`)}])`,
      wait(file),
    ].join('\n'),
};

/** One of them, for where any will do. */
export const daemon = (folder: string, name = 'daemon'): string =>
  (daemons['by two forks and an exec without environment'] ?? String)(join(folder, name));
