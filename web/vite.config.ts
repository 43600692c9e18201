import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `npm run dev` shows the sources as they are typed; the API is a running server's, by default that of `make run`.
const api = process.env.SAUDA_API ?? 'http://127.0.0.1:8080';

const everywhere =
  /node_modules\/(react|react-dom|scheduler|i18next|react-i18next|@tanstack\/(react-query|query-core|react-router|router-core|history|store|react-store))\//;

// Words that the desk has no use for come with the pages that say them, or when the page rests. tests/text.test.ts holds that
// nothing else uses them.
export const laterTexts = (
  'apikeys audit audit_action audit_field audit_where calendar check country deadlines density entity factor join mode outbox parked permission setting ' +
  'setup shop statuses theme told tryout users webhook where ' +
  'analytics standing block board checklist claim_action claim_did claim_filter claim_side claim_state claim_subject claim_text claim_view claims condition disposition doc evidence history identity money news path reason ' +
  'refund_state return_action return_ask return_did return_filter return_kind return_note return_refusal return_rule return_stage return_state return_view returns rule_day rule_seen rule_why side start term ' +
  'triage waits'
).split(' ');
const texts: Plugin = {
  name: 'texts',
  enforce: 'pre',
  load(id) {
    const found = /^(.*\/text\/\w+\.json)\?(first|later)$/.exec(id);
    if (!found?.[1]) return null;
    const all = Object.entries(JSON.parse(readFileSync(found[1], 'utf8')) as object);
    const part = all.filter(([name]) => laterTexts.includes(name) === (found[2] === 'later'));
    return { code: `export default ${JSON.stringify(Object.fromEntries(part))}`, moduleType: 'js' };
  },
};

// The variables of the theme are a file, ui/theme.css, so what makes them in the browser is left out too.
// Mantine brings fourteen colours and parts like menus within menus, which come along even when nobody asks for them. What is
// named here is left out of the build: tests/unused.test.ts holds that nothing uses it.
export const unusedColors = 'cyan grape green indigo lime orange pink violet yellow'.split(' ');
export const unusedParts: Record<string, string> = {
  ActionIcon: 'Group GroupSection',
  Button: 'Group GroupSection',
  Checkbox: 'Card Indicator',
  Menu: 'CheckboxGroup CheckboxItem ContextMenu RadioGroup RadioItem Search Sub',
  Popover: 'ContextMenu',
  Tooltip: 'Floating Group',
};
const unused: Plugin = {
  name: 'unused',
  enforce: 'pre',
  apply: 'build',
  resolveId(source, importer) {
    if (source.endsWith('/MantineCssVariables.mjs')) return '\0unused:MantineCssVariables';
    const whole = /\/components\/(\w+)\/\1\.mjs$/.exec(importer ?? '')?.[1];
    const part = /^\.\/(\w+)\/\1\.mjs$/.exec(source)?.[1];
    const out = whole && part && unusedParts[whole]?.split(' ').some((p) => part === whole + p);
    return out ? `\0unused:${part}` : null;
  },
  load(id) {
    if (id.startsWith('\0unused:')) return `export const ${id.slice('\0unused:'.length)} = undefined;`;
    if (!id.endsWith('/default-css-variables.css')) return null;
    const lines = new RegExp(`^\\s*--mantine-color-(${unusedColors.join('|')})-[^;]*;\\n`, 'gm');
    return readFileSync(id, 'utf8').replace(lines, '');
  },
};

// The desk is what people open in the morning: its own page names its scripts, its styles and its first question, so that the
// browser fetches them beside those of the shell and not after them. Fonts come early everywhere: the words are laid out once.
const ahead: Plugin = {
  name: 'ahead',
  enforce: 'post',
  apply: 'build',
  generateBundle(_options, bundle) {
    // The browser reads these whole beside the page, and not piece by piece in it when something is first called.
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk' && /^(react|shared|OrdersPage|early)$/.test(chunk.name))
        chunk.code = `//# allFunctionsCalledOnLoad\n${chunk.code}`;
    const html = bundle['index.html'];
    if (html?.type !== 'asset') return;
    // Runs as soon as it is there, while the others are on their way.
    const page = String(html.source).replace(/(<script type="module")([^>]*\/early-)/, '$1 async$2');
    const link = (rest: string, path: string) =>
      page.includes(path) ? '' : `    <link ${rest} crossorigin href="/${path}">\n`;
    const fonts = Object.keys(bundle)
      .filter((f) => /inter-(latin|cyrillic)-wght/.test(f))
      .map((f) => link('rel="preload" as="font" type="font/woff2"', f));
    const desk = Object.values(bundle).find((c) => c.type === 'chunk' && c.name === 'OrdersPage');
    const seen = new Set<string>();
    const styles = new Set<string>();
    const visit = (file: string) => {
      const chunk = bundle[file];
      if (seen.has(file) || chunk?.type !== 'chunk') return;
      seen.add(file);
      chunk.imports.forEach(visit);
      chunk.viteMetadata?.importedCss.forEach((f) => styles.add(f));
    };
    if (desk) visit(desk.fileName);
    const parts = [
      ...[...seen].map((f) => link('rel="modulepreload"', f)),
      ...[...styles].map((f) => link('rel="stylesheet"', f)),
    ];
    const at = (lines: string[]) => page.replace('  </head>', `${lines.join('')}  </head>`);
    html.source = at(fonts);
    this.emitFile({ type: 'asset', fileName: 'orders.html', source: at([...parts, ...fonts]) });
  },
};

export default defineConfig({
  plugins: [texts, unused, react(), ahead],
  server: {
    port: Number(process.env.PORT ?? 5173),
    proxy: {
      // The server takes changes only from its own address.
      '/api': { target: api, changeOrigin: true, headers: { Origin: new URL(api).origin } },
      '/health': { target: api },
    },
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What every page needs goes in few files; the rest is split by section.
        codeSplitting: {
          groups: [
            { name: 'early', test: /\/src\/app\/early\.ts$/, priority: 2 },
            { name: 'react', test: everywhere, priority: 1 },
            // One file packs better than ten, and is asked for once: the shell with all that it draws with, and the desk.
            { name: 'shared', test: /\/src\/main\.tsx$/ },
            { name: 'OrdersPage', test: /\/src\/features\/orders\/OrdersPage\.tsx$/ },
          ],
        },
      },
    },
  },
  test: { environment: 'jsdom', include: ['tests/**/*.test.{ts,tsx}'], globals: false },
});
