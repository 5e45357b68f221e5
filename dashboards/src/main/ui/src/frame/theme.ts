import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'pareto-theme';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Told when the colours change by the reader's hand. */
export const THEME_CHANGED = 'pareto:theme';

function kept(): Theme {
  try {
    return THEMES.find((one) => one === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

/** Called once before the first drawing, so that nothing flashes. */
export function applyTheme(theme: Theme = kept()) {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

/** The machine's colours, or the reader's own choice, which this browser remembers. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(kept);
  const choose = (next: Theme) => {
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // a browser that keeps nothing forgets this, too
    }
    applyTheme(next);
    setTheme(next);
    dispatchEvent(new Event(THEME_CHANGED));
  };
  return [theme, choose];
}
