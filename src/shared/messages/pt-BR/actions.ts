// O que pode ser feito, e por que não pode agora.
import type { ActionWords } from '../words.ts'

export const actions: ActionWords = {
  labels: {
    'check-now': 'Verificar agora',
    'run-test-build': 'Fazer um build de teste',
    'cancel-test-build': 'Cancelar o build de teste',
    'trust-host-key': 'Confiar, sem reparar nada',
  },
  reasons: {
    checking: 'uma verificação está em andamento',
    'test-build-running': 'um build de teste está em andamento',
    'no-test-build': 'nenhum build de teste está em andamento',
    'no-builder': 'nenhum builder está configurado',
    'no-offered-key': 'nenhuma chave de host aguarda confiança',
    paused: 'o acompanhamento está pausado',
  },
}
