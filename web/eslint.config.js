import tseslint from 'typescript-eslint';
import hooks from 'eslint-plugin-react-hooks';

const features = ['auth', 'overview', 'orders', 'customers', 'channels', 'deadlines', 'people', 'profile', 'returns'];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'warn',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  // Features do not know each other: they meet in app/.
  ...features.map((name) => ({
    files: [`src/features/${name}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: features
            .filter((f) => f !== name)
            .map((f) => ({ group: [`**/features/${f}/**`, `../${f}/**`] })),
        },
      ],
    },
  })),
);
