// As palavras para o que este laptop ainda precisa: a janela e o offload-repair dizem o mesmo.
import type { Messages } from '../index.ts'

const needs: Messages['laptopSide']['needs'] = {
  'new-address': 'o endereço novo, {to}, em todo lugar onde está {from}',
  'builder-row': 'uma linha de builder para {user} em {host}',
  'distributed-builds': 'builds distribuídos ligados',
  'pin-host-key': 'a chave de host de {host}, fixada na linha do builder',
  'builder-key': 'uma chave de builder, {key}',
  substituter: 'o cache {url} entre os substituters',
  'cache-key': 'a chave pública do cache entre as confiáveis',
  'cache-key-renewed': 'a chave nova do cache no lugar da antiga ({name})',
  fallback: 'fallback, para que um cache fora do ar não pare os builds',
  'connect-timeout': 'um limite de 5 s para downloads de um desktop desligado',
  'ssh-timeout': 'um limite de 5 s para o SSH até {host} enquanto ele está desligado',
}

export const laptopSide: Messages['laptopSide'] = {
  title: 'O que falta neste laptop',
  titleNothing: 'Este laptop tem tudo de que precisa',
  intro: 'Para compilar em {host}. Nada foi mudado ainda.',
  introNothing: 'Linha de builder, cache e chaves de {host} estão no lugar. Prove com um build de teste.',
  busy: 'Olhando as configurações deste laptop…',
  applying: 'Mudando este laptop: seu sistema pode pedir uma senha…',
  failed: 'Não foi possível olhar este laptop',
  needs,
  advice: 'recomendado',
  unknown: 'ainda desconhecida',
  unknownKey:
    'A chave do cache só pode ser lida em {host}: entre nele com um reparo, ou cole a linha do arquivo de chave pública.',
  toRepair: 'Entrar e reparar {host}',
  cacheKey: 'Chave pública do cache',
  cacheKeyHint: 'nome:chave, como em /var/cache-pub-key.pem',
  cacheKeyUse: 'Usar esta chave',
  cacheKeyWrong: 'Isso não é uma chave pública: ela se parece com cache.local-1:…=',

  moveTitle: '{host} mudou de endereço: uma mudança, {count} lugares',
  moveTitleOne: '{host} mudou de endereço: uma mudança, 1 lugar',
  moveFrom: '{from} vira {to}. A máquina de lá mostra a chave de host que você conhece.',
  moveLine: '{file}, linha {line}',
  moveTold: 'não é mudado por este app',
  movedTitle: '{host} tem um endereço novo?',
  movedIntro:
    'Digite-o: ele só é aceito se a máquina de lá mostrar a chave de host em que você confia para {host}.',
  newAddress: 'Endereço novo',
  newAddressUse: 'Procurar lá',
  addressWrong: 'Isso não é um endereço nem um nome.',

  changesTitle: 'Mudanças',
  asRoot: 'Roda neste laptop como root',
  commands: 'Depois',
  byHandTitle: 'O mesmo à mão',
  byHand: 'Comandos',
  snippetTitle: 'No NixOS',
  snippetIntro:
    'Os arquivos em /etc/nix são feitos pela sua configuração. Escreva isto nela (módulo offload-client), faça o switch e continue. O endereço aparece uma única vez.',
  snippet: 'Na sua configuração',
  apply: 'Mudar este laptop',
  skip: 'Continuar sem isso',
  prove: 'Ir para a prova',
  afterSwitch: 'Fiz o switch: olhar de novo',
  lookAgain: 'Olhar de novo',
  restartNeeded:
    'O nix-daemon não pôde ser reiniciado daqui: as configurações valem depois do próximo início dele.',
  undoTitle: 'As mudanças neste laptop',
  undo: 'Devolver os arquivos deste laptop',
  undoBusy: 'Devolvendo os arquivos…',
  undone: 'Os arquivos deste laptop estão como antes.',

  // Um primeiro builder
  firstTitle: 'Adicione seu desktop',
  firstIntro: 'Digite onde ele está. O app mostra o que escreveria e guia você pelo resto.',
  firstHost: 'Endereço ou nome',
  firstHostHint: '192.168.15.7 ou desktop.local',
  firstUser: 'Usuário que compila lá',
  firstModule: 'No NixOS, com o módulo offload-client deste projeto',
  firstGo: 'Mostrar o que falta',
  hostWrong: 'Isso não é um endereço nem um nome: digite-o sem usuário, porta ou http://.',
  userWrong: 'Isso não é um nome de usuário.',

  // O botão de uma linha
  toLaptop: 'Mostrar o que falta neste laptop',
  toMoved: 'Ele tem um endereço novo…',

  // offload-repair
  cliTitle: 'Falta neste laptop, para {host}:',
  cliNothing: 'Este laptop tem tudo de que precisa para {host}.',
  cliChanges: 'Neste laptop, como root:',
  cliPlaces: '{host} mudou de {from} para {to}:',
  cliByHand: 'À mão:',
  cliSnippet: 'Na configuração NixOS deste laptop (módulo offload-client):',
  cliAsk: 'Mudar este laptop? [s/N]',
  cliDone: 'Este laptop foi mudado.',
  cliUndone: 'Os arquivos deste laptop estão como antes.',
  cliSkipped: 'Este laptop ficou como estava.',
  cliAbout: 'mostra ou muda o que falta neste próprio laptop; não entra em lugar nenhum',
  cliNoLaptop: 'não mexe nos arquivos deste laptop',
  cliPlanOnly: 'com laptop: só mostra, sem mudar nada',
  cliNewAddress: 'com laptop: o desktop tem este endereço agora',
  cliCacheKey: 'com laptop: a chave pública do cache, nome:chave',
  cliFirst: 'com laptop: um primeiro builder, USUÁRIO@HOST',
  cliUnknownKey: 'A chave do cache não é conhecida: informe-a com --cache-key, ou rode offload-repair apply.',
}
