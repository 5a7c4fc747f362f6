/**
 * LibreOffice Calc as a clerk in Taiwan has it, without its window: opens a file, has texts typed into cells, saves it in the format it came in.
 * Each is a session of its own in a profile of its own, which nobody else's LibreOffice gets to see.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export interface LibreOffice {
  /** @param typed text by cell, `B5`: entered as by a keyboard, so that the format of the cell and the language decide what it becomes */
  save(file: string, typed?: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** One session takes about two seconds. */
const DEADLINE_MS = 120_000;

/** How it opens each: a CSV as the dialog proposes it for a file with a mark, in UTF-8, with commas, no column marked as text. */
const FILTERS: Readonly<Record<string, readonly [name: string, options: string]>> = {
  '.xlsx': ['Calc MS Excel 2007 XML', ''],
  '.ods': ['calc8', ''],
  '.csv': ['Text - txt - csv (StarCalc)', '44,34,76,1'],
};

const LANGUAGE = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-TW</value></prop></item>
</oor:items>
`;

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const literal = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** The macro's module: says in the file `said` how it went, for nobody sees a message box. */
function moduleOf(file: string, typed: Readonly<Record<string, string>>, said: string): string {
  const [name, options] = FILTERS[path.extname(file)] as readonly [string, string];
  const lines = Object.entries(typed).map(
    ([cell, text]) => `  sheet.getCellRangeByName(${literal(cell)}).FormulaLocal = ${literal(text)}`,
  );
  const basic = `Function Prop(n, v)
  Dim p As New com.sun.star.beans.PropertyValue
  p.Name = n
  p.Value = v
  Prop = p
End Function
Sub Say(text)
  Open ${literal(said)} For Output As #1
  Print #1, text
  Close #1
End Sub
Sub Main
  On Error GoTo Failed
  how = Array(Prop("Hidden", True), Prop("FilterName", ${literal(name)}), Prop("FilterOptions", ${literal(options)}))
  doc = StarDesktop.loadComponentFromURL(${literal(pathToFileURL(file).href)}, "_blank", 0, how)
  sheet = doc.Sheets.getByIndex(0)
${lines.join('\n')}
  doc.store()
  doc.close(True)
  Say("saved")
  StarDesktop.terminate()
  Exit Sub
Failed:
  Say("line " & Erl & ": " & Error$)
  StarDesktop.terminate()
End Sub`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">${xml(basic)}</script:module>
`;
}

/** @throws Error where LibreOffice Calc is not installed */
export async function startLibreOffice(): Promise<LibreOffice> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'mingce-office-'));
  const profile = path.join(home, 'profile');
  const said = path.join(home, 'said');

  /** A group of its own: the command is a script that starts a starter that starts the program. */
  const run = (...args: string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const fixed = [`-env:UserInstallation=${pathToFileURL(profile).href}`, '--headless', '--norestore', '--nologo'];
      const child = spawn('soffice', [...fixed, ...args], {
        env: { PATH: process.env.PATH, HOME: home, TMPDIR: home, LANG: 'C.UTF-8' },
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let told = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        told += text;
      });
      const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), DEADLINE_MS);
      child.once('error', (cause) => {
        clearTimeout(timer);
        reject(new Error('soffice does not start; expected LibreOffice Calc, which .ci/run installs', { cause }));
      });
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        if (code === 0) resolve();
        else reject(new Error(`soffice ended with ${code ?? signal}: ${told}`));
      });
    });

  await mkdir(path.join(profile, 'user'), { recursive: true });
  await writeFile(path.join(profile, 'user', 'registrymodifications.xcu'), LANGUAGE);
  // The first start makes the rest of the profile, and would overwrite a macro in it.
  await run('--terminate_after_init').catch(async (error: unknown) => {
    await rm(home, { recursive: true });
    throw error;
  });
  return {
    save: async (file, typed = {}) => {
      await rm(said, { force: true });
      const library = path.join(profile, 'user', 'basic', 'Standard');
      await writeFile(path.join(library, 'Module1.xba'), moduleOf(file, typed, said));
      await run('macro:///Standard.Module1.Main()');
      const answer = (await readFile(said, 'utf8')).trim();
      if (answer !== 'saved') throw new Error(`LibreOffice could not open, type into or save the file: ${answer}`);
    },
    close: () => rm(home, { recursive: true }),
  };
}
