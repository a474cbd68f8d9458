// As palavras do menu da bandeja, da sua dica e das notificações.
import type { Overall } from '../../status.ts'

const menu = {
  open: 'Abrir o Offload Tray…',
  pause: 'Pausar as verificações',
  startAtLogin: 'Iniciar com a sessão',
  startAtLoginMissing: 'Iniciar com a sessão (offload-tray não está no seu PATH)',
  quit: 'Sair',
  notNow: '{action} ({reason})',
  internalError: 'Algo deu errado dentro do Offload Tray: veja o log',
}

const windowMenu = {
  view: 'Exibir',
  zoomIn: 'Ampliar',
  zoomOut: 'Reduzir',
  resetZoom: 'Tamanho normal',
  fullScreen: 'Tela cheia',
  close: 'Fechar janela',
}

const tooltip = {
  provenAfter: 'Última comprovação depois das {time}',
  provenNever: 'Ainda sem comprovação',
}

const outage: Readonly<Record<Overall, string | null>> = {
  blocked: 'Os builds vão falhar',
  local: 'Os builds não chegam mais ao desktop',
  degraded: 'Há um problema nos builds remotos',
  building: null,
  ready: null,
  checking: null,
  unconfigured: null,
  paused: null,
}

const notices = {
  recovery: 'Os builds remotos voltaram a funcionar',
}

export const tray = { menu, windowMenu, tooltip, outage, notices }
