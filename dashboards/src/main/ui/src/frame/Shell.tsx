import { type ReactNode, useEffect, useRef } from 'react';
import { Link, usePlace } from './router';
import { Whoami } from './session';
import { type Theme, useTheme } from './theme';

/** One entry of the navigation. */
export interface Entry {
  to: string;
  name: string;
}

/** What surrounds every page: the way to the others, and the ground that it stands on. */
export function Shell({ groups, children }: { groups: { name: string; entries: Entry[] }[]; children: ReactNode }) {
  const { path } = usePlace();
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    // A page that came without a load begins at its top; reading goes on there, even while the page is still being fetched.
    if (before.current !== path) {
      before.current = path;
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
  }, [path]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="rail">
        <Link to="/" className="brand" aria-label="Pareto, overview">
          <Logo />
          <span className="brand-name">Pareto</span>
        </Link>
        <nav aria-label="Pages">
          {groups.map((group) => (
            <div className="nav-group" key={group.name}>
              <span className="nav-name">{group.name}</span>
              {group.entries.map((entry) => (
                <Link key={entry.to} to={entry.to} aria-current={current(entry.to, path) ? 'page' : undefined}>
                  {entry.name}
                </Link>
              ))}
            </div>
          ))}
        </nav>
        <Whoami />
        <ThemeSwitch />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

const current = (to: string, path: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const NAMES: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

function ThemeSwitch() {
  const [theme, choose] = useTheme();
  return (
    <button type="button" className="theme" onClick={() => choose(NEXT[theme])} title={`Colours: ${NAMES[theme].toLowerCase()}`}>
      <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
        <circle className="theme-ring" cx="8" cy="8" r="6.2" />
        <path className="theme-half" d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" />
      </svg>
      <span className="hidden">Colours: </span>
      <span className="theme-name">{NAMES[theme]}</span>
    </button>
  );
}

function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect className="logo-ground" width="32" height="32" rx="8" />
      <path className="logo-line" d="M8 7c0 10.5 6 16.5 16.5 17" />
      <circle className="logo-dot" cx="9.3" cy="13.6" r="2.7" />
      <circle className="logo-dot" cx="15.6" cy="21" r="2.7" />
    </svg>
  );
}
