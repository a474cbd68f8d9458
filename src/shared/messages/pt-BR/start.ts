// O que o aplicativo diz em um terminal antes de iniciar, ou em vez de iniciar.
import type { Messages } from '../index.ts'

export const start: Messages['start'] = {
  usageTitle: 'Uso:',
  about: 'Inicia o ícone da bandeja que mostra se os seus builds do Nix rodam no desktop.',
  options: {
    '--demo': 'experimente com um desktop dentro do programa; não precisa de outra máquina',
    '--test-build': 'abre a janela no build de teste',
    '--repair': 'abre a janela no reparo',
    '--hidden': 'inicia sem janela, como ao entrar na sessão',
    '--no-sandbox': 'inicia o Chromium sem a sandbox',
    '--version': 'a versão',
    '--help': 'este texto',
  },
  others:
    'As outras opções vão para o Electron. Só no terminal: offload-status, offload-test-build, offload-repair.',
  noDisplay:
    'Não há tela aqui (DISPLAY e WAYLAND_DISPLAY estão vazias), então não pode haver ícone na bandeja. Execute offload-status.',
}
