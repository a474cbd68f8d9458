// As palavras da janela.

import type { window as english } from '../en/window.ts'
import { demoFaults } from './demo.ts'

export const window: typeof english = {
  app: 'Offload Tray',
  nav: 'Telas',
  viewStatus: 'Status',
  viewTestBuild: 'Build de teste',
  loading: 'Consultando o status…',
  callFailed: 'Isso não funcionou',
  dismiss: 'Dispensar',
  demo: 'Demonstração',
  demoExplain: 'Nada aqui é real: quem responde é um desktop dentro deste programa, e você pode quebrá-lo.',

  proven: 'Comprovado há {age}',
  provenStale: 'Sem comprovação há {age}: pode ter mudado',
  notProven: 'Ainda sem comprovação',
  looked: 'Verificado há {age}',
  checkingNow: 'Verificando…',
  checkAgain: 'Verificar de novo',

  cache: 'Cache binário',
  thisLaptop: 'Este laptop',
  slots: '{busy} de {max} vagas ocupadas',
  slotsFree: 'nenhum build em andamento, {max} vagas',
  took: 'Levou',
  ago: 'Comprovado',
  tookText: 'Levou {time}',
  advice: 'Sugestão',
  skipExplain: 'Uma verificação anterior falhou, então esta não pôde rodar.',
  unknownExplain: 'Ainda não há como comprovar isto.',
  checkedExactly: 'Verificado em {time}',
  toTestBuild: 'Ir para o build de teste',
  rawDetail: 'O que foi respondido',
  copyDetails: 'Copiar detalhes',
  copyCommand: 'Copiar comando',
  copied: 'Copiado',
  onLaptop: 'Rode neste laptop',
  onDesktop: 'Rode no desktop',
  code: 'Código',

  offeredKey: 'Chave que ele mostra agora',
  expectedKey: 'Chave em que você confiou',
  anotherMachine: 'Pode haver outra máquina nesse endereço. Nada foi enviado a ela.',
  trustNo: 'Não confiar',

  firstTitle: 'Configure um builder',
  firstIntro:
    'Este laptop ainda não conhece um desktop onde construir. Apresente um ao Nix, e ele aparece aqui sozinho.',
  firstNixos: 'No NixOS, na sua configuração',
  firstOther: 'Nos outros sistemas, uma linha em /etc/nix/machines',
  firstAfter: 'Troque “desktop” pelo nome do seu desktop, e 4 pelo número de tarefas dele.',
  copySnippet: 'Copiar configuração',
  copyLine: 'Copiar linha',

  trayMissingTitle: 'Sem lugar para o ícone',
  trayMissing:
    'Este ambiente não mostra ícones de bandeja, então esta janela é tudo: fechá-la encerra o aplicativo. No GNOME, a extensão AppIndicator traz o ícone.',
  internalTitle: 'Algo deu errado dentro deste aplicativo',
  internalNext: 'Se continuar, saia do Offload Tray e abra-o de novo; o log dele diz mais.',
  configTitle: 'Seu arquivo de configurações precisa de atenção',

  demoTitle: 'Quebre o desktop de demonstração',
  demoIntro: 'Cada interruptor liga uma falha de verdade. Veja o que as verificações encontram.',
  demoNone: 'Nenhuma falha pode ser ligada aqui.',
  demoFaults,
}
