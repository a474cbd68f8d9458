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
    'Constrói algo minúsculo no seu desktop e comprova que rodou lá: envio, build, download e confiança de uma vez.',
  on: 'Construir em',
  anyBuilder: 'Qualquer builder',
  running: 'Em andamento há {time}',
  cancelling: 'Cancelando…',
  stagesTitle: 'Etapas',
  stageStates: { pending: 'Aguardando', running: 'Em andamento', done: 'Pronto', failed: 'Falhou' },
  bytesOf: '{done} de {expected}',
  total: 'Total',
  log: 'Log',
  logLine: '{count} linha',
  logLines: '{count} linhas',
  logEmpty: 'Nenhuma linha ainda',
  copyLog: 'Copiar log',
  passed: 'Construído em {builder} em {time}',
  failed: 'Não foi construído em {builder}: {reason}',
  failedNowhere: 'Não foi construído em um desktop: {reason}',
  cancelled: 'Cancelado depois de {time}',
  cancelledIn: 'Estava na etapa “{stage}”. Nada ficou para trás.',
  endedIn: 'Terminou na etapa “{stage}” depois de {time}.',
  bootId: 'Boot id de lá',
  kernel: 'Kernel de lá',
  outPath: 'Caminho do resultado',
  raw: 'O que o Nix disse',
  reproduce: 'Faça o mesmo à mão',
  copyReproduce: 'Copiar comandos',
  history: 'Histórico',
  historyNone: 'Nenhum build de teste ainda. Os últimos 50 vão aparecer aqui.',
  historyChartOne: 'Tempo total do único build de teste até agora; com falha: {failed}.',
  historyChart:
    'Tempo total dos últimos {count} builds de teste, o mais novo à direita; com falha: {failed}.',
  historyCut: 'Mais longo que a escala',
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
  root: {
    about:
      'O Nix não diz o motivo ao seu usuário, mas diz ao root deste laptop. Seu sistema pede uma senha; depois isto roda uma única vez e não muda nada:',
    asking: 'Perguntando como root. Digite sua senha quando o sistema pedir.',
    told: 'Foi isso que o root ficou sabendo.',
    answers:
      'O root consegue entrar, e o Nix em {host} responde agora: o problema passou. Rode o build de teste de novo.',
    unknown:
      'O root também foi consultado, mas a resposta não é das que este app conhece. Ela está nos detalhes.',
    refused: 'O root não foi consultado: {reason}.',
  },
  none: '–',
  cli: {
    about: 'Comprova que seus builds do Nix rodam no desktop, construindo algo minúsculo lá.',
    jsonOption: 'imprime um objeto JSON por linha para cada evento',
    payloadOption: 'quanto enviar, como 64M (de 64 KiB a 1 GiB; padrão 1M)',
    timeoutOption: 'desiste depois desse tempo, como 90s ou 5m',
    builderOption: 'constrói neste builder (host ou URI), se você puder escolher',
    askRootOption: 'se o Nix esconder o motivo, pergunta uma vez ao root deste laptop (pede uma senha)',
    askingRoot: 'O Nix esconde o motivo. Perguntando uma vez como root, o que pode pedir sua senha:',
    cannotAskRoot:
      'O root não foi consultado: a linha de máquinas ou o ssh pertence a outro usuário, ou a linha indica um programa próprio.',
    exitBuilt: 'construído no desktop, e comprovado',
    exitNotBuilt: 'não foi construído lá; a causa é informada',
    seeHelp: 'Veja offload-test-build --help.',
    badPayload: '{what} não é um tamanho de {min} a {max}, como 1M ou 64M.',
    badTimeout: '{what} não é um tempo, como 90s ou 5m.',
    noSuchBuilder: 'Nenhum builder se chama {what}. Escolha entre: {choices}',
    mayNotChoose:
      'Você pediu {asked}, mas o Nix escolheu {builder}: só usuários confiáveis deste laptop podem escolher (trusted-users no nix.conf).',
    wentElsewhere: 'Você pediu {asked}, e nós também, mas o Nix escolheu {builder}.',
    historyAside: 'uma parte do histórico não pôde ser lida; ela foi guardada em {file}',
    historyNotKept: 'este teste não foi guardado: {what}',
  },
}
