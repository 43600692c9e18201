import './app/early';
import './fonts.css';
import './tokens.css';
import '@mantine/core/styles/default-css-variables.css';
import './ui/theme.css';
import './ui/mantine.css';
import './ui/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client';
import { App } from './app/App';
import { askFirst } from './app/first';
import { theme } from './ui/theme';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      retry: (times, error) =>
        times < 2 && error instanceof ApiError && (error.status >= 500 || error.code === 'offline'),
    },
  },
});

function draw() {
  const root = document.getElementById('root');
  if (root)
    createRoot(root).render(
      <StrictMode>
        {/* The variables of the theme are in a file: made here, they would be made again for each visit. */}
        <MantineProvider
          theme={theme}
          withCssVariables={false}
          withGlobalClasses={false}
          defaultColorScheme="auto"
        >
          <QueryClientProvider client={client}>
            <App />
          </QueryClientProvider>
        </MantineProvider>
      </StrictMode>,
    );
}

// Never awaited here: the pages import from this file, so a page that is waited for would wait for the end of the waiting.
void askFirst(client).then(draw, draw);
