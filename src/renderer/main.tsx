// Starts the window: subscribes to main's state and draws it.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { connect } from './store.ts'
import './styles/base.css'
import './styles/parts.css'
import './styles/laptop-side.css'
import './styles/repair.css'
import './styles/repair-sign-in.css'
import './styles/repair-plan.css'
import './styles/repair-run.css'
import './styles/repair-end.css'
import './styles/status.css'
import './styles/history.css'
import './styles/test-build.css'
import './styles/forced-colors.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

const disconnect = connect(window.offloadTray)
window.addEventListener('pagehide', disconnect, { once: true })

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
