// O que pode ser feito, e por que não pode agora.
import type { ActionWords } from '../words.ts'

export const actions: ActionWords = {
  labels: {
    'check-now': 'Verificar agora',
    'run-test-build': 'Fazer um build de teste',
    'cancel-test-build': 'Cancelar o build de teste',
    'ask-root': 'Perguntar como root',
    'stop-asking-root': 'Parar de perguntar',
    'trust-host-key': 'Confiar, sem reparar nada',
  },
  reasons: {
    checking: 'uma verificação está em andamento',
    'test-build-running': 'um build de teste está em andamento',
    'no-test-build': 'nenhum build de teste está em andamento',
    'nothing-hidden': 'o último build de teste não esconde o motivo',
    'asking-root': 'o root está sendo consultado',
    'not-asking-root': 'o root não está sendo consultado',
    'no-builder': 'adicione antes o seu desktop',
    'no-offered-key': 'nenhuma chave de host aguarda confiança',
    paused: 'o acompanhamento está pausado',
  },
}
