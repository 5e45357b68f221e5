import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { SignedIn } from './frame/session';
import { applyTheme } from './frame/theme';
import './style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/parts.css';
import './style/overview.css';
import './style/experiments.css';
import './style/models.css';
import './style/routing.css';
import './style/finance.css';
import './style/calls.css';
import './style/books.css';
import './style/admin.css';
import './style/worth.css';
import './style/budgets.css';

applyTheme();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SignedIn>
        <App />
      </SignedIn>
    </StrictMode>,
  );
}
