// O que se diz de uma verificação além do estado e da causa.
import type { CheckNote } from '../../status.ts'

export const notes: Readonly<Record<CheckNote, string>> = {
  'not-checked-yet': 'Ainda não verificado.',
  stale: 'A última comprovação é antiga demais para valer.',
  'host-key-first': 'Nada foi enviado: a chave de host ainda não é confiável.',
  'through-a-proxy': 'O ssh chega lá por ProxyJump ou ProxyCommand: só um build de teste comprova isto.',
  'needs-test-build': 'Só um build de teste comprova isto, porque a chave do builder pertence ao root.',
  'proven-by-test-build': 'Comprovado pelo seu último build de teste.',
  'failed-in-test-build': 'Visto no seu último build de teste. Faça outro depois de consertar.',
  'default-key':
    'Nenhum arquivo de chave foi indicado para um builder, então valem as chaves SSH do root, que você não pode ver daqui.',
  'no-cache': 'Nenhum cache de desktop está em uso.',
  'no-shared-path':
    'Ainda não se conhece um caminho que este cache deva ter. O primeiro build de teste resolve isso.',
  'not-a-substituter': 'O Nix deste laptop não consulta este cache.',
  'signature-not-needed': 'O Nix não exige assinatura aqui.',
}
