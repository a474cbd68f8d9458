// As palavras do build de teste.

import type { testBuild as english } from '../en/test-build.ts'
import type { TestBuildWords } from '../words.ts'

const words: TestBuildWords = {
  stages: {
    evaluate: 'Preparar',
    connect: 'Conectar',
    wait: 'Esperar uma vaga',
    upload: 'Enviar',
    build: 'Construir',
    download: 'Baixar',
    verify: 'Conferir',
  },
}

export const testBuild: typeof english = {
  ...words,
  title: 'Build de teste',
  intro:
    'Constrói algo minúsculo no seu desktop e prova que rodou lá: envio, build, download e confiança de uma vez.',
  on: 'Construir em',
  anyBuilder: 'Qualquer builder',
  running: 'Em andamento há {time}',
  cancelling: 'Cancelando…',
  stagesTitle: 'Etapas',
  stageStates: { pending: 'Aguardando', running: 'Em andamento', done: 'Pronto', failed: 'Falhou' },
  bytesOf: '{done} de {expected}',
  total: 'Total',
  log: 'Registro',
  logLines: '{count} linhas',
  logEmpty: 'Nenhuma linha ainda',
  copyLog: 'Copiar registro',
  passed: 'Construído em {builder} em {time}',
  failed: 'Não foi construído em {builder}: {reason}',
  failedNowhere: 'Não foi construído em um desktop: {reason}',
  cancelled: 'Cancelado depois de {time}',
  cancelledIn: 'Estava na etapa “{stage}”. Nada ficou para trás.',
  endedIn: 'Terminou na etapa “{stage}” depois de {time}.',
  proof: 'Prova',
  bootId: 'Boot id de lá',
  kernel: 'Kernel de lá',
  outPath: 'Caminho do resultado',
  raw: 'O que o Nix disse',
  reproduce: 'Faça o mesmo à mão',
  copyReproduce: 'Copiar comandos',
  history: 'Histórico',
  historyNone: 'Nenhum build de teste ainda. Os últimos 50 vão ficar aqui.',
  historyChart: 'Tempo total dos últimos {count} builds de teste, o mais novo à direita; {failed} falharam.',
  historyTable: 'Os números em uma tabela',
  when: 'Quando',
  builder: 'Builder',
  verdict: 'Resultado',
  payload: 'Carga',
  verdictPassed: 'Passou',
  verdictFailed: 'Falhou',
  verdictCancelled: 'Cancelado',
  groups: {
    prepare: 'Preparar e esperar',
    upload: 'Enviar',
    build: 'Construir',
    download: 'Baixar e conferir',
  },
  none: '–',
}
