import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it, vi } from 'vitest';
import { theme, variables } from '../src/ui/theme';
import { unusedColors } from '../vite.config';

describe('The variables of the theme', () => {
  it('stand in a file as the library would make them in the browser (anew: vitest run tests/theme.test.tsx --update)', async () => {
    const media = { matches: false, addEventListener: () => undefined, removeEventListener: () => undefined };
    vi.stubGlobal('matchMedia', () => media);
    render(<MantineProvider theme={theme} cssVariablesResolver={variables} withGlobalClasses={false} />);
    const made = document.querySelector('style[data-mantine-styles]')?.textContent ?? '';
    const unused = new RegExp(`^--mantine-color-(${unusedColors.join('|')})-`);
    const lines = made.replace(/[{};]/g, '$&\n').split('\n');
    const kept = lines.filter((line) => !unused.test(line.trim())).join('\n');
    const text = await format(`/* Made from ui/theme.ts: see tests/theme.test.tsx. */\n${kept}`, {
      ...(await resolveConfig(`${process.cwd()}/src/ui/theme.css`)),
      parser: 'css',
    });
    await expect(text).toMatchFileSnapshot('../src/ui/theme.css');
  });
});
