import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#f1f3f4',
  '#e4e7ea',
  '#d3d8dd',
  '#8a939c',
  '#626c76',
  '#49525b',
  '#343c44',
  '#2b323b',
  '#1b2027',
  '#14181d',
];
const accent: MantineColorsTuple = [
  '#e4f1f5',
  '#cfe6ee',
  '#a6d2e0',
  '#7abcd1',
  '#55aac4',
  '#3a97b5',
  '#1f84a4',
  '#0b6b8a',
  '#085873',
  '#05455b',
];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: 8,
  colors: { ink, accent },
  autoContrast: true,
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "'Inter Variable', 'Noto Sans', system-ui, sans-serif",
  fontFamilyMonospace: "'Inter Variable', 'Noto Sans', system-ui, sans-serif",
  defaultRadius: 7,
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '16px' },
  lineHeights: { xs: '15px', sm: '16px', md: '18px', lg: '20px', xl: '22px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '14px', xl: '20px' },
  variantColorResolver: ({ variant, color }) => {
    const danger = color === 'red';
    if (variant === 'filled')
      return {
        background: danger ? 'var(--red-fill)' : 'var(--ink)',
        hover: danger ? 'var(--red-dark)' : 'var(--ink-hover)',
        color: danger ? 'var(--on-fill)' : 'var(--on-ink)',
        border: '1px solid transparent',
      };
    const quiet = variant === 'subtle' || variant === 'transparent';
    return {
      background: quiet ? 'transparent' : 'var(--surface)',
      hover: quiet ? 'var(--surface-3)' : 'var(--surface-2)',
      color: danger ? 'var(--red)' : color === 'accent' ? 'var(--accent)' : 'var(--text)',
      border: quiet ? '1px solid transparent' : '1px solid var(--line-2)',
    };
  },
  components: {
    Button: {
      defaultProps: { size: 'sm', variant: 'default' },
      vars: (_t: unknown, props: { size?: string }) => {
        const height = props.size === 'xs' ? '26px' : props.size === 'md' ? '34px' : '30px';
        const pad = props.size === 'xs' ? '9px' : props.size === 'md' ? '14px' : '11px';
        return { root: { '--button-height': height, '--button-padding-x': pad, '--button-fz': '13px' } };
      },
    },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 30, color: 'ink' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md', allowDeselect: false, checkIconPosition: 'right' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    MultiSelect: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md', autosize: true, minRows: 2 } },
    Checkbox: { defaultProps: { size: 'xs', radius: 4 } },
    Menu: {
      defaultProps: { shadow: 'md', radius: 10, transitionProps: { duration: 90 }, position: 'bottom-end' },
    },
    Popover: {
      defaultProps: { shadow: 'md', radius: 10, transitionProps: { duration: 90 }, position: 'bottom-start' },
    },
    Modal: {
      defaultProps: {
        radius: 14,
        transitionProps: { duration: 120 },
        centered: true,
        // The head of a dialog is not the head of the page: there is one of those.
        attributes: { header: { role: 'none' } },
      },
    },
    Tooltip: { defaultProps: { openDelay: 350, radius: 6, transitionProps: { duration: 90 } } },
    SegmentedControl: { defaultProps: { size: 'sm' } },
    Switch: { defaultProps: { size: 'sm' } },
  },
});

const shared: Record<string, string> = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--surface-2)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-error': 'var(--red)',
  '--mantine-color-red-6': 'var(--red)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-ink-filled': 'var(--ink)',
  '--mantine-primary-color-filled': 'var(--ink)',
  '--mantine-primary-color-filled-hover': 'var(--ink-hover)',
  '--mantine-primary-color-contrast': 'var(--on-ink)',
  '--mantine-shadow-md': 'var(--shadow)',
  '--mantine-shadow-xl': 'var(--shadow)',
  '--mantine-color-disabled': 'var(--surface-3)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--line-2)',
};

export const variables: CSSVariablesResolver = () => ({ variables: shared, light: shared, dark: shared });
