// Builds the pages for the jar; does only what changed inputs ask for. Run by Maven, or by hand: node build.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../../../target/classes/dev/pareto/dashboards/ui');
const stamp = join(here, '../../../target/ui-inputs.sha256');
const installed = join(here, 'node_modules/.package-lock.sha256');
const inputs = ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'public', 'src'];

function hash(paths) {
  const sum = createHash('sha256');
  const add = (path) => {
    if (statSync(path).isDirectory()) {
      readdirSync(path).sort().forEach((name) => add(join(path, name)));
    } else {
      sum.update(path.slice(here.length)).update(readFileSync(path));
    }
  };
  paths.forEach((path) => add(join(here, path)));
  return sum.digest('hex');
}

const kept = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const npm = (...args) =>
  execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });

const lock = hash(['package-lock.json']);
if (kept(installed) !== lock) {
  npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
  writeFileSync(installed, lock);
}
const now = hash(inputs);
if (kept(stamp) !== now || !existsSync(join(out, 'index.html'))) {
  npm('run', 'build', '--loglevel=error');
  writeFileSync(stamp, now);
}
