import '@mantine/core/styles.css';
import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no place to be drawn.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
