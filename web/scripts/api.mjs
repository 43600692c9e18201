/* npm run api: brings openapi.json and src/api/schema.ts up to what the server says. SAUDA is the program. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const program =
  process.env.SAUDA ?? fileURLToPath(new URL('../../build/release/src/app/sauda', import.meta.url));
const run = (file, ...words) => execFileSync(process.execPath, [`node_modules/${file}`, ...words], { cwd: here });

writeFileSync(`${here}/openapi.json`, execFileSync(program, ['openapi'], { maxBuffer: 1 << 26 }));
run('openapi-typescript/bin/cli.js', 'openapi.json', '-o', 'src/api/schema.ts');
run('prettier/bin/prettier.cjs', '--write', 'src/api/schema.ts');
